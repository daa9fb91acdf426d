//go:build tools

// Package tools pins the vendor commands that `npm run tools` builds; it is never compiled itself.
package tools

import _ "helm.sh/helm/v3/cmd/helm"
