// Loaded by `node --require` into every process of a preview: the one that runs the program leaves a list of the packages that it loaded.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  if (!process.argv[1]?.endsWith("run-stack.js")) return;
  const modules = {};
  for (const file of Object.keys(require.cache)) {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll("\\", "/")) ?? [];
    if (name !== undefined) modules[name] = (modules[name] ?? 0) + 1;
  }
  writeFileSync(process.env.RECORD_PACKAGES, JSON.stringify(modules));
});
