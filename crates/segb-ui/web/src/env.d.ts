/// <reference types="vite/client" />
import "vue-router";
import type { Role } from "./session/token";

declare module "vue-router" {
  interface RouteMeta {
    title: string;
    roles: readonly Role[];
  }
}
