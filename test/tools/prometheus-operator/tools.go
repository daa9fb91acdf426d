//go:build tools

// Package tools pins the vendor commands that `npm run tools` builds; it is never compiled itself.
//
// The operator's own go.mod requires pkg/apis/monitoring and pkg/client of an older release and replaces them by folders of its repository; go.mod here
// requires the published modules of the operator's own release, which hold those folders.
package tools

import _ "github.com/prometheus-operator/prometheus-operator/cmd/operator"
