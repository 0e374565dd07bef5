/**
 * The control group: the invariant, the client, the server and the scenario. For each invariant a
 * client or server with the flaw that it must detect, and a scenario in which the flaw has an
 * effect.
 */
export const CONTROLS = [
  ['ACK-REVISION', 'interview/worker', 'variants/dedup', 'edit-in-flight'],
  ['ALL-SYNCED', 'flawed/false-claim', 'variants/dedup', 'lie-fi'],
  ['CANCEL', 'interview/worker', 'variants/dedup', 'taken-back'],
  ['CONFLICT-BASE', 'reference', 'flawed/base-blind', 'partition-note-last-write-wins'],
  ['CONFLICT-CLOCK', 'reference', 'flawed/unclamped', 'clock-ahead'],
  ['CONFLICT-POLICY', 'reference', 'flawed/other-policy', 'partition-note-server-wins'],
  ['CONFLICT-VISIBLE', 'flawed/forgets-conflicts', 'variants/dedup', 'edit-versus-delete'],
  ['CONFLICT-VISIBLE', 'flawed/quiet-loser', 'variants/dedup', 'partition-note-server-wins'],
  ['CONFLICT-VISIBLE', 'reference', 'flawed/no-conflict-records', 'clock-ahead'],
  ['CONVERGE', 'flawed/no-tombstones', 'variants/dedup', 'clean'],
  ['COUNTER', 'flawed/stale-badge', 'variants/dedup', 'first-message'],
  ['CURSOR', 'flawed/page-skip', 'variants/dedup', 'first-message'],
  ['DURABLE', 'flawed/forgetful', 'variants/dedup', 'tunnel-app-killed'],
  ['EPOCH', 'interview/worker', 'flawed/restored', 'server-restart'],
  ['EXACTLY-ONCE', 'flawed/clobber', 'variants/dedup', 'lost-ack-overwritten'],
  ['EXACTLY-ONCE', 'interview/worker', 'variants/naive', 'lost-ack'],
  ['FIDELITY', 'flawed/cut-text', 'variants/dedup', 'first-message'],
  ['FIFO', 'flawed/reversed', 'variants/dedup', 'tunnel'],
  ['INJECTIVE', 'flawed/short-key', 'variants/dedup', 'tunnel'],
  ['KEY-STABLE', 'flawed/fresh-key', 'variants/dedup', 'lost-ack'],
  ['LIVENESS', 'flawed/gives-up', 'variants/dedup', 'long-tunnel'],
  ['LIVENESS', 'flawed/mute', 'variants/dedup', 'first-message'],
  ['LIVENESS', 'flawed/untriggered', 'variants/dedup', 'tunnel-app-killed'],
  ['LIVENESS', 'interview/worker', 'variants/dedup', 'keep-race'],
  ['MONOTONE', 'flawed/stale-cache', 'variants/dedup', 'overwritten-control'],
  ['NO-CRASH', 'flawed/brittle', 'variants/dedup', 'partition-chat'],
  ['NO-FALSE-ACK', 'flawed/any-answer', 'variants/dedup', 'lie-fi'],
  ['NO-FALSE-ACK', 'flawed/denier', 'variants/dedup', 'tunnel'],
  ['NO-FALSE-ACK', 'flawed/eager', 'variants/dedup', 'tunnel'],
  ['NO-FREEZE', 'flawed/busy', 'variants/dedup', 'tunnel'],
  ['NO-LOSS', 'interview/naive', 'variants/dedup', 'tunnel'],
  ['NO-LOSS', 'flawed/quiet-loser', 'flawed/no-conflict-records', 'partition-note-server-wins'],
  ['NO-PHANTOM-DELETE', 'flawed/error-as-absence', 'variants/dedup', 'tunnel'],
  ['NO-PHANTOM-DELETE', 'flawed/ghost-writer', 'variants/dedup', 'first-message'],
  ['NO-RESURRECT', 'reference', 'flawed/undead', 'edit-versus-delete'],
  ['ONE-ROW', 'interview/worker', 'variants/naive', 'lost-ack'],
  ['ORDER-AGREE', 'flawed/local-order', 'variants/dedup', 'partition-chat'],
  ['PRINCIPAL', 'reference', 'flawed/mixed-sessions', 'partition-chat'],
  ['READ-YOUR-WRITES', 'interview/naive', 'variants/dedup', 'tunnel'],
  ['REJECTED-WITH-CAUSE', 'reference', 'flawed/unforgiving', 'written-again'],
  ['RETRY-BOUND', 'flawed/no-backoff', 'variants/dedup', 'tunnel'],
  ['SINGLE-FLIGHT', 'flawed/double-drain', 'variants/dedup', 'first-message'],
  ['SINGLE-FLIGHT', 'flawed/no-deadline', 'variants/dedup', 'lie-fi'],
  ['STATUS-TRUTH', 'flawed/defeatist', 'variants/dedup', 'lost-ack'],
  ['STATUS-TRUTH', 'flawed/optimist', 'variants/dedup', 'tunnel'],
] as const

/** Controls whose flaw cannot show on the wire, by client, each with the reason. */
export const NOT_ON_THE_WIRE: Readonly<Record<string, string>> = {
  'flawed/busy': 'a timer of 0 ms that sets itself again stops virtual time, but not real time',
}
