import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// Where two entries below set one rule, the later replaces the earlier: what several files share is a list of its own.

const noApplyDropped = {
  // What fails in it fails nobody, and a resource made in it is missing from the preview.
  selector:
    ":matches(ExpressionStatement, ExpressionStatement > UnaryExpression, ExpressionStatement > ChainExpression) > CallExpression[callee.property.name='apply']",
  message: "The result of this apply is dropped: return it, or hand it to what needs it.",
};
const noOrDefault = {
  // The typed rule knows null and undefined only.
  selector: "LogicalExpression[operator='||'] > :matches(Literal, TemplateLiteral, ObjectExpression, ArrayExpression).right",
  message: "A default is given with `??`: `||` also replaces 0, false and the empty text.",
};
const noConfig = {
  // So that the whole configuration is checked before anything is made of it.
  selector:
    ":matches(NewExpression[callee.property.name='Config'], NewExpression[callee.name='Config'], MemberExpression[property.name='allConfig'])",
  message: "Pulumi's configuration is read in config/index.ts only.",
};
const noClock = {
  // What is registered follows from the configuration alone, or two previews of one commit differ.
  selector: ":matches(NewExpression, CallExpression)[callee.name='Date'][arguments.length=0]",
  message: "The program has no clock.",
};
const noAzureRoot = {
  regex: "^@pulumi/azure-native$",
  allowTypeImports: true,
  message: "It loads every service of Azure, for 0.7 s: import one, such as @pulumi/azure-native/network.",
};
const noSurroundings = [
  { regex: "^(node:)?(process|os|perf_hooks)$", message: "The program has no environment and no clock." },
  { regex: "^(node:)?crypto$", importNamePattern: "^(random|webcrypto)", message: "The program has no randomness but @pulumi/random." },
];
const noAws = { regex: "^@pulumi/(aws|eks)(/|$)", message: "AWS is named in components/CAPABILITY/aws.ts only." };
const noAzure = { regex: "^@pulumi/azure-native(/|$)", message: "Azure is named in components/CAPABILITY/azure.ts only." };

export default defineConfig(
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: ["**/*.mjs", "**/*.cjs"], extends: [tseslint.configs.recommended] },
  { files: ["**/*.cjs"], rules: { "@typescript-eslint/no-require-imports": "off" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A cloud, or a kind of store, that a switch forgets.
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // An Output in a text reads "[object Object]" or worse; a number is no such trap.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // "" and 0 are values: a condition says what it asks. That `if (output)` always holds, no-unnecessary-condition says.
      "@typescript-eslint/strict-boolean-expressions": ["error", { allowString: false, allowNumber: false, allowNullableBoolean: true }],
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      // A type must not load the SDK that it comes from: that costs a second at every preview.
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/consistent-type-exports": ["error", { fixMixedExportsWithInlineTypeSpecifier: true }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      // `() => log(text)` is how a callback is written.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // `_` says that something is left out on purpose.
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_$", argsIgnorePattern: "^_$" }],
      // A file holds one subject.
      "max-lines": ["error", 300],
      "no-restricted-syntax": ["error", noApplyDropped, noOrDefault, noConfig],
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [noAzureRoot] }],
    },
  },
  {
    // The program itself; config/generate.ts is a command beside it.
    files: ["index.ts", "components/**/*.ts", "config/**/*.ts"],
    ignores: ["config/generate.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "process", message: "The program has no environment: what it needs is configuration." },
        { name: "performance", message: "The program has no clock." },
        { name: "crypto", message: "The program has no randomness but @pulumi/random." },
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "The program has no clock." },
        { object: "Math", property: "random", message: "The program has no randomness but @pulumi/random." },
      ],
      "no-restricted-syntax": ["error", noApplyDropped, noOrDefault, noConfig, noClock],
      // Contracts, applications and configuration serve every cloud, so they name none.
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...noSurroundings, noAws, noAzure] }],
    },
  },
  {
    files: ["components/*/aws.ts", "components/*/aws-*.ts"],
    ignores: ["components/{rocketchat,observability}/**"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...noSurroundings, noAzure] }] },
  },
  {
    files: ["components/*/azure.ts", "components/*/azure-*.ts"],
    ignores: ["components/{rocketchat,observability}/**"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...noSurroundings, noAzureRoot, noAws] }] },
  },
  { files: ["config/index.ts"], rules: { "no-restricted-syntax": ["error", noApplyDropped, noOrDefault, noClock] } },
);
