/**
 * AKS hands out a kubeconfig that asks for a device code in a browser (https://github.com/Azure/AKS/issues/4990). This one takes the sign-in of
 * the Azure CLI instead, which works unattended: on a workstation after `az login`, in CI after a federated sign-in.
 */
export function unattendedKubeconfig(kubeconfig: string): string {
  return kubeconfig.replace(/(--login\s*\n\s*-\s*|--login=)devicecode/g, "$1azurecli");
}
