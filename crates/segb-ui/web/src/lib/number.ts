import { count } from "./time";

/** Digits that tell two measurements apart. */
const DIGITS = 4;

/** A number as people read it: `0.91`, not `9.1e-01`. Who shows it puts what was logged into the title. */
export function readable(number: number | null | undefined): string {
  if (number === null || number === undefined || Number.isNaN(number)) return "–";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e15) return sign(number) + count(size);
  if (size >= 1e9 || size < 1e-4) {
    const [mantissa, power] = size.toExponential(DIGITS - 1).split("e");
    return `${sign(number)}${Number(mantissa)} × 10${raised(Number(power))}`;
  }
  return sign(number) + (size >= 10 ** DIGITS ? size.toFixed(0) : String(Number(size.toPrecision(DIGITS))));
}

const sign = (number: number): string => (number < 0 ? "−" : "");
const raised = (power: number): string => [...String(power)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
