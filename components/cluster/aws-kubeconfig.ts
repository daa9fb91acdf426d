interface ExecUser {
  readonly user: { readonly exec?: { readonly args: readonly string[] } };
}

/**
 * A kubeconfig that asks the AWS CLI for the token of a role, whoever the CLI is; everything else in it stays.
 *
 * The kubeconfig of `eks.Cluster` takes the token of the CLI's own identity, which is another one than the provider's where the stack names a
 * role, a profile or keys for it. Users without a command (certificates) are left alone.
 *
 * @param kubeconfig as JSON
 * @param roleArn ARN of the role that made the cluster
 */
export function withRole(kubeconfig: string, roleArn: string): string {
  const config = JSON.parse(kubeconfig) as { readonly users: readonly ExecUser[] };
  const users = config.users.map((entry) => {
    const { exec } = entry.user;
    if (exec === undefined) return entry;
    return { ...entry, user: { ...entry.user, exec: { ...exec, args: [...exec.args, "--role-arn", roleArn] } } };
  });
  return JSON.stringify({ ...config, users });
}
