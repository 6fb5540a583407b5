/** Saves a text, bytes or a blob as a file of the browser. */
export function download(name: string, content: string | Uint8Array<ArrayBuffer> | Blob, type = "text/plain"): void {
  const blob = content instanceof Blob ? content : new Blob([content], { type: typeof content === "string" ? `${type};charset=utf-8` : type });
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
