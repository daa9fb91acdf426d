//go:build tools

// Package tools pins the vendor commands that `npm run tools` builds; it is never compiled itself.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
