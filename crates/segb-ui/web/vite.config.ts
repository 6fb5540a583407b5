import { readFileSync } from "node:fs";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

/** The API of a server on this machine; another one may be named. */
const api = process.env["SEGB_API_URL"] ?? "http://127.0.0.1:5000";
const proxy = { "/api": { target: api, rewrite: (path: string) => path.replace(/^\/api/, "") } };

export default defineConfig({
  plugins: [vue()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    // Trusted Types and the policy of the server need no polyfill, and the polyfill would be one more script.
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, strictPort: true, proxy },
  preview: {
    port: 5173,
    proxy,
    headers: { "content-security-policy": readFileSync("policy.txt", "utf8").trim() },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
