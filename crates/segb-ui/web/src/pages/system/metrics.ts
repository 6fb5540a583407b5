/** One measurement of the Prometheus text format (version 0.0.4). */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export function readMetrics(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!found) continue;
    const labels: Record<string, string> = {};
    for (const [, name = "", value = ""] of (found[2] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name] = value;
    samples.push({ name: found[1] ?? "", labels, value: Number(found[3]) });
  }
  return samples;
}

export function metric(samples: readonly Sample[], name: string): number | null {
  return samples.find((sample) => sample.name === name)?.value ?? null;
}

/** A quantile of a histogram, by its buckets; the upper bound of the bucket that it falls into. */
export function quantile(samples: readonly Sample[], name: string, share: number): number | null {
  const buckets = new Map<number, number>();
  for (const sample of samples) {
    const bound = sample.labels["le"];
    if (sample.name !== `${name}_bucket` || bound === undefined) continue;
    const limit = bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound);
    buckets.set(limit, (buckets.get(limit) ?? 0) + sample.value);
  }
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  return sorted.find(([, number]) => number >= share * total)?.[0] ?? null;
}
