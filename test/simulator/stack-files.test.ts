import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { readStackFile, StackFileError, stacksIn } from "../../simulator/stack-files";

const project = "name: chat\nruntime: nodejs\n";

describe("a stack's file", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-files-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  }

  /** Reads the stack `prod` from its file beside a sound project. */
  function read(text: string): ReturnType<typeof readStackFile> {
    write({ "Pulumi.yaml": project, "Pulumi.prod.yaml": text });
    return readStackFile(folder, "prod");
  }

  describe("that is sound", () => {
    it("comes with the names of project and stack", () => {
      expect(read("config:\n  chat:cloud: aws\n")).to.deep.equal({
        project: "chat",
        stack: "prod",
        config: { "chat:cloud": "aws" },
        secretKeys: [],
      });
    });

    it("hands texts over as they are, and everything else as JSON, like Pulumi", () => {
      const { config } = read(
        [
          "config:",
          '  chat:text: "1.36"',
          "  chat:number: 1.36",
          "  chat:flag: true",
          "  chat:list: [a, 1]",
          "  chat:map:",
          "    inner: { deep: x }",
        ].join("\n"),
      );
      expect(config).to.deep.equal({
        "chat:text": "1.36",
        "chat:number": "1.36",
        "chat:flag": "true",
        "chat:list": '["a",1]',
        "chat:map": '{"inner":{"deep":"x"}}',
      });
    });

    it("gives a key without a colon to the project, and leaves the others to theirs", () => {
      const { config } = read("config:\n  domain: chat.acme.io\n  aws:region: us-east-1\n");
      expect(config).to.deep.equal({ "chat:domain": "chat.acme.io", "aws:region": "us-east-1" });
    });

    it("may have an empty configuration", () => {
      expect(read("config: {}\n").config).to.deep.equal({});
    });
  });

  describe("with encrypted values", () => {
    const cipher = "v1:AAAAAAAAAAAA:BBBBBBBBBBBBBBBBBBBB";

    it("has a text in the place of each, at any depth, and never the cipher", () => {
      const { config, secretKeys } = read(
        [
          "config:",
          `  chat:token: { secure: "${cipher}" }`,
          "  chat:app:",
          `    smtp: { host: smtp.acme.io, password: { secure: "${cipher}" } }`,
          `    keys: [plain, { secure: "${cipher}" }]`,
          "  chat:domain: chat.acme.io",
        ].join("\n"),
      );
      const standIn = config["chat:token"];
      expect(standIn).to.be.a("string").with.length.above(0);
      expect(JSON.parse(config["chat:app"] ?? "")).to.deep.equal({
        smtp: { host: "smtp.acme.io", password: standIn },
        keys: ["plain", standIn],
      });
      expect(JSON.stringify(config)).to.not.include(cipher);
      expect(secretKeys).to.deep.equal(["chat:token", "chat:app"]);
    });

    it("names the secret key in full, also where the file does not", () => {
      expect(read(`config:\n  token: { secure: "${cipher}" }\n`).secretKeys).to.deep.equal(["chat:token"]);
    });

    it("knows them from maps that only look alike", () => {
      const { config, secretKeys } = read(
        'config:\n  chat:a: { secure: x, other: y }\n  chat:b: { secure: true }\n  chat:c: { secured: "x" }\n',
      );
      expect(secretKeys).to.deep.equal([]);
      expect(config).to.deep.equal({ "chat:a": '{"secure":"x","other":"y"}', "chat:b": '{"secure":true}', "chat:c": '{"secured":"x"}' });
    });
  });

  describe("that cannot be read", () => {
    function refused(message: string | RegExp): void {
      expect(() => readStackFile(folder, "prod")).to.throw(StackFileError, message);
    }

    it("because it is not there: the error names those that are", () => {
      write({ "Pulumi.yaml": project, "Pulumi.test.yaml": "config: {}", "Pulumi.dev.yaml": "config: {}" });
      refused(/^There is no stack prod: Pulumi\.prod\.yaml does not exist\. Stacks here: dev, test\.$/);
    });

    it("because there are none at all", () => {
      refused(/^There is no stack prod: Pulumi\.prod\.yaml does not exist\. There are no stacks here\.$/);
    });

    it("because the project's file is not there, or has no name in it", () => {
      write({ "Pulumi.prod.yaml": "config: {}" });
      refused(/^Pulumi\.yaml does not exist\.$/);
      write({ "Pulumi.yaml": "runtime: nodejs\n" });
      refused(/^Pulumi\.yaml has no `name` of the project\.$/);
    });

    for (const [what, text, message] of [
      ["is empty", "", /^Pulumi\.prod\.yaml does not hold a map\.$/],
      ["holds only a comment", "# nothing\n", /^Pulumi\.prod\.yaml does not hold a map\.$/],
      ["holds a list", "- config\n", /^Pulumi\.prod\.yaml does not hold a map\.$/],
      ["is broken YAML", "config: [\n", /^Pulumi\.prod\.yaml is not valid YAML: .+ at line 2, column 1/],
      [
        "says a key twice",
        "config:\n  a:b: 1\n  a:b: 2\n",
        /^Pulumi\.prod\.yaml is not valid YAML: Map keys must be unique at line 3, column 3/,
      ],
      ["has no configuration", "encryptionsalt: v1:x\n", /^Pulumi\.prod\.yaml has no map `config` at its top/],
      ["has an empty configuration key", "config:\n", /^Pulumi\.prod\.yaml has no map `config` at its top/],
      ["has a list for a configuration", "config: [a]\n", /^Pulumi\.prod\.yaml has no map `config` at its top/],
    ] as const) {
      it(`because it ${what}`, () => {
        write({ "Pulumi.yaml": project, "Pulumi.prod.yaml": text });
        refused(message);
      });
    }
  });

  it("is found by its name, and nothing else is", () => {
    write({
      "Pulumi.yaml": project,
      "Pulumi.b.yaml": "",
      "Pulumi.a-1.yaml": "",
      "Pulumi.c.yml": "",
      "pulumi.d.yaml": "",
      "Pulumi.e.yaml.bak": "",
    });
    expect(stacksIn(folder)).to.deep.equal(["a-1", "b"]);
  });
});
