import { History } from '../../../harness/core/history.ts'

/** The history with its probing joined like the run proper: what was tried on stuck operations is drawn as well. */
export function withProbe(history: History): History {
  if (history.probe.length === 0) return history
  return new History(
    history.head,
    history.all.filter((event) => !(event.type === 'phase' && event.phase === 'probe')),
  )
}
