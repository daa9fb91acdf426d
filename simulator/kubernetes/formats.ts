/** A quantity: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const quantity = /^([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binary = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** A quantity as a number; undefined where it is none. */
export function amount(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const [, number, suffix = ""] = typeof value === "string" ? (quantity.exec(value) ?? []) : [];
  if (number === undefined) return undefined;
  if (binary.includes(suffix)) return Number(number) * 1024 ** (binary.indexOf(suffix) + 1);
  if (decimal.includes(suffix)) return Number(number) * 1000 ** (decimal.indexOf(suffix) - 3);
  return Number(`${number}${suffix}`);
}

const wholeOf = (bits: number): ((value: number) => boolean) => {
  const limit = 2 ** (bits - 1);
  return (value) => Number.isInteger(value) && value >= -limit && value < limit;
};

/** What the schemas' formats mean, as the API server reads them. */
export const formats = {
  byte: { validate: (value: string) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value) },
  "date-time": { validate: (value: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) },
  double: { validate: Number.isFinite },
  int32: { validate: wholeOf(32) },
  int64: { validate: wholeOf(64) },
  quantity: { validate: quantity },
};
