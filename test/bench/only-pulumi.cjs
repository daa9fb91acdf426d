// A program that registers nothing: what no Pulumi program can be faster than.
require("@pulumi/pulumi");
