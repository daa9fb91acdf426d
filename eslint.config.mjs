import tseslint from "typescript-eslint";

// What a rule of one list forbids, ESLint forgets where a later entry sets the same rule: so the lists are built up here.

/** Everywhere. */
const syntax = [
  {
    // What fails in it fails nobody, and a resource made in it is missing from the preview.
    selector: "ExpressionStatement > :matches(CallExpression, UnaryExpression > CallExpression)[callee.property.name='apply']",
    message: "The result of this apply is dropped: return it, or give it to what needs it.",
  },
  {
    // The typed rules let `text || "default"` pass where the text may be empty.
    selector: "LogicalExpression[operator='||'] > :matches(Literal, TemplateLiteral, ObjectExpression, ArrayExpression).right",
    message: "A default is given with `??`: `||` also replaces 0, false and the empty text.",
  },
];
const imports = [
  {
    regex: "^@pulumi/azure-native$",
    allowTypeImports: true,
    message: "It loads all of Azure, for 0.7 s: import a module of it, such as @pulumi/azure-native/network.",
  },
];

/** All but config/index.ts, so that a stack's whole configuration is checked before anything is made of it. */
const configuration = {
  selector:
    ":matches(NewExpression[callee.property.name='Config'], NewExpression[callee.name='Config'], MemberExpression[property.name='allConfig'])",
  message: "Pulumi's configuration is read in config/index.ts only.",
};

/** The program: what it registers follows from the configuration alone, or two previews of one commit differ. */
const date = {
  selector: ":matches(NewExpression, CallExpression)[callee.name='Date'][arguments.length=0]",
  message: "The program has no clock.",
};
const surroundings = [
  { name: "process", message: "The program has no environment: what it needs is configuration." },
  { name: "performance", message: "The program has no clock." },
  { name: "crypto", message: "The program has no randomness but @pulumi/random." },
];
const surroundingModules = [
  { regex: "^(node:)?(process|os|perf_hooks)$", message: "The program has no environment and no clock." },
  {
    regex: "^(node:)?crypto$",
    importNamePattern: "^(random|getRandom|webcrypto)",
    message: "The program has no randomness but @pulumi/random.",
  },
];

/** Contracts, applications and configuration: they serve every cloud, so they name none. */
const sdk = "^@pulumi/(aws|eks|azure-native)(/|$)";
const noSdk = "This file serves every cloud: what one of them needs belongs in its own file, such as ../cluster/aws.ts.";

export default tseslint.config(
  { ignores: ["node_modules/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A cloud, or a kind of store, that a switch forgets.
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: false }],
      // An Output in a text reads "[object Object]"; numbers are no such trap.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `if (output)` always holds, and "" and 0 are values: a condition says what it asks.
      "@typescript-eslint/strict-boolean-expressions": ["error", { allowString: false, allowNumber: false, allowNullableObject: false }],
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      // A type must not load the SDK that it comes from.
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/consistent-type-exports": ["error", { fixMixedExportsWithInlineTypeSpecifier: true }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      // Args and contracts are data that others hold.
      "@typescript-eslint/prefer-readonly": "error",
      // `new Bucket(…)` alone is how a resource is made.
      "no-new": "off",
      // A file holds one subject.
      "max-lines": ["error", 300],
      eqeqeq: "error",
      "no-restricted-syntax": ["error", ...syntax, configuration],
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: imports }],
    },
  },
  {
    files: ["index.ts", "components/**/*.ts", "config/**/*.ts"],
    rules: {
      "no-restricted-globals": ["error", ...surroundings],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: date.message },
        { object: "Math", property: "random", message: "The program has no randomness but @pulumi/random." },
      ],
      "no-restricted-syntax": ["error", ...syntax, configuration, date],
      "@typescript-eslint/no-restricted-imports": ["error", { patterns: [...imports, ...surroundingModules] }],
    },
  },
);
