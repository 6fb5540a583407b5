import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";

/**
 * Takes files that are dropped anywhere on the page: beside a field, the browser would open the file and leave the page. Text
 * that is dragged is left to the fields.
 */
export function useFiles(take: (file: File) => void): { over: Ref<boolean> } {
  const over = ref(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  function onDragOver(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over.value = true;
  }
  function onDragLeave(event: DragEvent): void {
    // Without another element the pointer has left the window.
    if (event.relatedTarget === null) over.value = false;
  }
  function onDrop(event: DragEvent): void {
    over.value = false;
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  }
  // While the event goes down, so that the editor, which puts files into its text, does not see it.
  onMounted(() => {
    addEventListener("dragover", onDragOver, true);
    addEventListener("dragleave", onDragLeave, true);
    addEventListener("drop", onDrop, true);
  });
  onBeforeUnmount(() => {
    removeEventListener("dragover", onDragOver, true);
    removeEventListener("dragleave", onDragLeave, true);
    removeEventListener("drop", onDrop, true);
  });
  return { over };
}
