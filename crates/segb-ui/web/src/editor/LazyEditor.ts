import { defineAsyncComponent, h } from "vue";
import StateNotice from "../components/StateNotice.vue";

/** The editor, loaded when a page needs it. */
export const LazyEditor = defineAsyncComponent({
  loader: () => import("./CodeEditor.vue"),
  loadingComponent: () => h(StateNotice, { kind: "loading", title: "Loading the editor" }),
  errorComponent: () => h(StateNotice, { kind: "problem", title: "The editor cannot be loaded", text: "Load the page again." }),
  delay: 150,
});
