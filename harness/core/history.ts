import type { z } from 'zod'
import { type Event, eventSchema } from './event.ts'
import { requireFormatVersion } from './format-version.ts'
import { sha256Hex } from './hash.ts'
import { type HistoryHead, historyHeadSchema } from './history-head.ts'
import { JoinedEvents } from './joined-events.ts'
import { canonical } from './json.ts'
import { Problem } from './problem.ts'

/**
 * The events of one run, with joins over them. `events` and all inherited members cover the run
 * proper, which invariants judge. After it comes the probe, if any: once the replicas have been
 * read, the harness tries to unstick operations that did not complete. Only `all`, `probe` and
 * `whole` include the probe.
 *
 * @example
 * function countCommits(jsonl: string): string[] {
 *   const history = History.parse(jsonl, 'tunnel.jsonl')
 *   return history.operations.map(({ opId, commits }) => `${opId}: ${commits.length}`)
 * }
 */
export class History extends JoinedEvents {
  /** All events in order, including those of the probe. */
  readonly all: readonly Event[]
  /** The events of the probe; usually empty. */
  readonly probe: readonly Event[]
  #whole: JoinedEvents | undefined

  constructor(head: HistoryHead, events: readonly Event[]) {
    const probeAt = events.findIndex((event) => event.type === 'phase' && event.phase === 'probe')
    super(head, probeAt < 0 ? events : events.slice(0, probeAt))
    this.all = events
    this.probe = probeAt < 0 ? [] : events.slice(probeAt)
  }

  /** The joins over all events, including the probe's: for reports, which show the probe. */
  get whole(): JoinedEvents {
    this.#whole ??= this.probe.length === 0 ? this : new JoinedEvents(this.head, this.all)
    return this.#whole
  }

  /** Returns the file format: one canonical JSON object per line, the head first. */
  toJsonl(): string {
    return `${[this.head, ...this.all].map(canonical).join('\n')}\n`
  }

  /**
   * Returns the SHA-256 of `toJsonl()`. In the sim it depends on scenario, client, server and seed
   * alone.
   */
  hash(): string {
    return sha256Hex(this.toJsonl())
  }

  /** Parses the file format. Throws a Problem that names `source` and the line. */
  static parse(jsonl: string, source: string): History {
    const [first, ...rest] = jsonl.split('\n').filter((line) => line !== '')
    const headData = parseJsonLine(first ?? '', source, 1)
    requireFormatVersion(headData, 'a history', source)
    const head = validLine(historyHeadSchema, headData, source, 1) as HistoryHead
    const events = rest.map((line, i) => {
      const data = parseJsonLine(line, source, i + 2)
      return validLine(eventSchema, data, source, i + 2) as Event
    })
    return new History(head, events)
  }
}

function validLine<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
  source: string,
  number: number,
): z.infer<Schema> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Problem(
    `${source}, line ${number}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'unreadable'}`,
  )
}

function parseJsonLine(line: string, source: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch {
    const start = JSON.stringify(line.slice(0, 40))
    throw new Problem(`${source}, line ${number}: expected one JSON object a line, got ${start}`)
  }
}
