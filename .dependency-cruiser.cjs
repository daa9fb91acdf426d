/**
 * Who may import whom: a type counts as much as a value, and an `import()` as much as an `import`.
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      comment: "What imports each other is one subject: it belongs in one file, or what both need in a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "program-knows-no-tools",
      comment: "What is deployed must not depend on what looks at it: the simulator, the policies, the insights and the tests.",
      severity: "error",
      from: { path: "^(index\\.ts$|components/|config/)" },
      to: { path: "^(simulator|test|policy|insights)/" },
    },
    {
      name: "tests-are-last",
      comment: "Nothing but a test imports a test.",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "program-is-started-not-imported",
      comment: "index.ts runs the program: only the simulator, the insights and the tests, which run it, may import it.",
      severity: "error",
      from: { pathNot: "^(simulator|insights/generate|test)" },
      to: { path: "^index\\.ts$" },
    },
    {
      name: "config-knows-facts-only",
      comment:
        "The configuration is checked before there is a component: it takes versions, address arithmetic and words for errors from them, nothing that makes something.",
      severity: "error",
      from: { path: "^config/" },
      to: {
        path: "^components/",
        pathNot: "^components/(configuration-error|versions|network/(node-addresses|cidr)|cluster/node-capacity|rocketchat/sizing)\\.ts$",
      },
    },
    {
      name: "components-know-config-as-type",
      comment: "A component gets its arguments from who makes it. Only platform.ts knows how the configuration is laid out, and as a type.",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^config/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "config-ends-at-the-platform",
      comment: "As above: one file to change where a section of the configuration is renamed.",
      severity: "error",
      from: { path: "^components/", pathNot: "^components/platform\\.ts$" },
      to: { path: "^config/" },
    },
    {
      name: "aws-knows-no-azure",
      comment: "A stack loads the code of its own cloud only.",
      severity: "error",
      from: { path: "^components/[^/]+/aws" },
      to: { path: "(^components/[^/]+/azure|^node_modules/@pulumi/azure-native/)" },
    },
    {
      name: "azure-knows-no-aws",
      comment: "A stack loads the code of its own cloud only.",
      severity: "error",
      from: { path: "^components/[^/]+/azure" },
      to: { path: "(^components/[^/]+/aws|^node_modules/@pulumi/(aws|eks)/)" },
    },
    {
      name: "clouds-behind-contracts",
      comment: "A difference between the clouds is data in a contract. Only platform.ts, which chooses, knows the files of a cloud.",
      severity: "error",
      from: { path: "^(index\\.ts$|components/|config/)", pathNot: "^components/(platform\\.ts$|[^/]+/(aws|azure))" },
      to: { path: "(^components/[^/]+/(aws|azure)|^node_modules/@pulumi/(aws|eks|azure-native)/)" },
    },
    {
      name: "apps-know-contracts-only",
      comment: "The chat and the observability stack run on any platform: of another capability they know its index.ts.",
      severity: "error",
      from: { path: "^components/(rocketchat|observability|cert-manager|network-policy)/" },
      to: { path: "^components/[^/]+/", pathNot: "^components/($1/|[^/]+/index\\.ts$)" },
    },
    {
      name: "no-unresolved",
      comment: "What cannot be found was judged by none of these rules.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    // Types too: what only a type needs is still a direction.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "^node_modules/" },
    exclude: { path: "^node_modules/\\.cache/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default", "types"] },
    cache: false,
  },
};
