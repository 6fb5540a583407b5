import { defineAsyncComponent, h } from "vue";
import StateNotice from "../components/StateNotice.vue";

/** The drawing of a graph, loaded when a page needs it. */
export const LazyGraph = defineAsyncComponent({
  loader: () => import("./GraphCanvas.vue"),
  loadingComponent: () => h(StateNotice, { kind: "loading", title: "Loading the drawing" }),
  errorComponent: () => h(StateNotice, { kind: "problem", title: "The drawing cannot be loaded", text: "Load the page again." }),
  delay: 150,
});
