/** Anchors within one scenario's section. */
export interface Links {
  readonly section: string
  /** The anchor of an event in the diagram. */
  id(seq: number): string
  /** A link to it, or undefined where the diagram does not show the event. */
  to(seq: number): string | undefined
}

export function linksOf(section: string, shown: ReadonlySet<number>): Links {
  const id = (seq: number) => `${section}-e${seq}`
  return { section, id, to: (seq) => (shown.has(seq) ? `#${id(seq)}` : undefined) }
}
