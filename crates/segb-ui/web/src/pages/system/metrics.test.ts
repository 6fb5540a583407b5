import { expect, it } from "vitest";
import { metric, quantile, readMetrics } from "./metrics";

const TEXT = `# HELP a_total what
# TYPE a_total counter
a_total{route="/ttl",method="POST"} 3
b 1.5e3
t_bucket{le="0.1"} 5
t_bucket{le="1"} 9
t_bucket{le="+Inf"} 10
t_sum 3
`;

it("reads the text format", () => {
  const samples = readMetrics(TEXT);
  expect(samples[0]).toEqual({ name: "a_total", labels: { route: "/ttl", method: "POST" }, value: 3 });
  expect(metric(samples, "b")).toBe(1500);
  expect(metric(samples, "c")).toBeNull();
  expect([quantile(samples, "t", 0.5), quantile(samples, "t", 0.9), quantile(samples, "t", 0.99), quantile(samples, "x", 0.5)]).toEqual([
    0.1, 1, Number.POSITIVE_INFINITY, null,
  ]);
});
