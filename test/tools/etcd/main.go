// The etcd server. Its own main package lives in a module that is not published, so these lines stand in for it:
// https://github.com/etcd-io/etcd/blob/v3.6.5/server/main.go
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
