//go:build tools

// Package tools pins the vendor commands that `npm run tools` builds; it is never compiled itself.
//
// The operator's own go.mod replaces gopkg.in/natefinch/lumberjack.v2 by a folder inside its module, which a go.mod elsewhere could only name by the path
// of one machine's module cache. Only cmd/mongodb-healthcheck imports that package, so this module needs neither it nor the other replace lines.
package tools

import _ "github.com/percona/percona-server-mongodb-operator/cmd/manager"
