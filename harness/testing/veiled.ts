import type { Capabilities } from '../core/capabilities.ts'
import type { Client, ClientDefinition, View } from '../core/client.ts'
import type { ClientEvent } from '../core/event.ts'
import { seededRandom } from '../core/random.ts'

/** The parts that a client may leave untold. True: it tells them. */
interface Veil {
  readonly statuses: boolean
  readonly outbox: boolean
  readonly cursor: boolean
  readonly versions: boolean
  readonly conflicts: boolean
  readonly allSynced: boolean
  readonly ordered: boolean
  /** Not a capability: the client reports outcomes to the person. */
  readonly settled: boolean
  /** Not a capability: rows name their record, not only their own id. */
  readonly record: boolean
  /** Not a capability: requests name the idempotency keys that they carry. */
  readonly about: boolean
  /** Not a capability: the client claims that saved actions are on disk. */
  readonly durable: boolean
}

/**
 * Returns a client that does what `definition` does, and tells less of it, as a random veil has it:
 * fewer capabilities, fewer events, poorer views. A correct client stays correct behind any veil,
 * so no invariant may accuse it.
 */
export function veiled(definition: ClientDefinition, number: number): ClientDefinition {
  const veil = randomVeil(number)
  const { statuses, outbox, cursor, versions, conflicts, allSynced, ordered } = veil
  const tells = { statuses, outbox, cursor, versions, conflicts, allSynced, ordered }
  return {
    ...definition,
    name: `${definition.name}, veiled`,
    capabilities: bothOf(definition.capabilities, tells),
    create: (ports, identity) => {
      const client = definition.create(
        {
          ...ports,
          http: {
            request: ({ about, ...request }, abort) =>
              ports.http.request({ ...request, ...(veil.about && about && { about }) }, abort),
          },
          recorder: {
            ...ports.recorder,
            emit: (event) => {
              const told = veiledEvent(event, veil)
              if (told) ports.recorder.emit(told)
            },
          },
        },
        identity,
      )
      return veiledClient(client, veil)
    },
  }
}

function randomVeil(number: number): Veil {
  const random = seededRandom(number).fork('veil')
  const tells = () => random.next() < 0.5
  return {
    statuses: tells(),
    outbox: tells(),
    cursor: tells(),
    versions: tells(),
    conflicts: tells(),
    allSynced: tells(),
    ordered: tells(),
    settled: tells(),
    record: tells(),
    about: tells(),
    durable: tells(),
  }
}

/** The capabilities of the client that the veil leaves. */
function bothOf(
  capabilities: Capabilities,
  tells: Readonly<Partial<Record<keyof Capabilities, boolean>>>,
): Capabilities {
  const left = Object.entries(tells).filter(([name]) => capabilities[name as keyof Capabilities])
  return { ...capabilities, ...Object.fromEntries(left) }
}

function veiledClient(client: Client, veil: Veil): Client {
  return {
    start: () => client.start(),
    stop: () => client.stop(),
    view: () => {
      const view = client.view()
      return view instanceof Promise
        ? view.then((late) => late && veiledView(late, veil))
        : view && veiledView(view, veil)
    },
    perform: (action) => {
      const { saved, settled } = client.perform(action)
      return {
        saved: saved.then((report) =>
          'refused' in report ? report : { durable: report.durable && veil.durable },
        ),
        ...(veil.settled && settled && { settled }),
      }
    },
  }
}

function veiledView({ rows, ...view }: View, veil: Veil): View {
  const { outbox, conflicts, allSynced, pending, failed } = view
  return {
    rows: rows.map(({ status, version, record, ...row }) => ({
      ...row,
      ...(veil.statuses && status && { status }),
      ...(veil.versions && version !== undefined && { version }),
      ...(veil.record && record !== undefined && { record }),
    })),
    ...(veil.outbox && outbox && { outbox }),
    ...(veil.conflicts && conflicts && { conflicts }),
    ...(veil.allSynced && allSynced !== undefined && { allSynced }),
    ...(veil.statuses && pending !== undefined && { pending }),
    ...(veil.statuses && failed !== undefined && { failed }),
  }
}

/** Returns the event without what is behind the veil; undefined if all of it is. */
function veiledEvent(event: ClientEvent, veil: Veil): ClientEvent | undefined {
  if (event.type === 'note') return event
  if (event.type === 'cursorSaved') return veil.cursor ? event : undefined
  if (!veil.outbox) return undefined
  if (veil.versions) return event
  if (event.type === 'localCommit') {
    const { base: _base, stamp: _stamp, ...rest } = event
    return rest
  }
  const { version: _version, ...rest } = event
  return rest
}
