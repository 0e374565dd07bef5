/** The few globals of a browser that redux-offline asks for. */
export function browser() {
  const events = new EventTarget()
  globalThis.window = {
    addEventListener: events.addEventListener.bind(events),
    navigator: { onLine: true },
    requestAnimationFrame: (task) => setTimeout(task),
  }
}
