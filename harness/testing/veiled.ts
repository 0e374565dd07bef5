import type { Capabilities } from '../core/capabilities.ts'
import type { Client, ClientDefinition, View } from '../core/client.ts'
import type { ClientEvent } from '../core/event.ts'
import { seededRandom } from '../core/random.ts'

/** The parts that a client may leave out. True: it reports them. */
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
 * Returns a client that does what `definition` does, and reports less of it, at random: fewer
 * capabilities, fewer events, poorer views. A correct client stays correct whichever parts it
 * leaves out, so no invariant may accuse it.
 */
export function veiled(definition: ClientDefinition, number: number): ClientDefinition {
  const veil = randomVeil(number)
  const { statuses, outbox, cursor, versions, conflicts, allSynced, ordered } = veil
  const reports = { statuses, outbox, cursor, versions, conflicts, allSynced, ordered }
  return {
    ...definition,
    name: `${definition.name}, veiled`,
    capabilities: bothOf(definition.capabilities, reports),
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
              const shown = veiledEvent(event, veil)
              if (shown) ports.recorder.emit(shown)
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
  const isReported = () => random.next() < 0.5
  return {
    statuses: isReported(),
    outbox: isReported(),
    cursor: isReported(),
    versions: isReported(),
    conflicts: isReported(),
    allSynced: isReported(),
    ordered: isReported(),
    settled: isReported(),
    record: isReported(),
    about: isReported(),
    durable: isReported(),
  }
}

/** The capabilities that the client has and that the veil does not restrict. */
function bothOf(
  capabilities: Capabilities,
  reports: Readonly<Partial<Record<keyof Capabilities, boolean>>>,
): Capabilities {
  const left = Object.entries(reports).filter(([name]) => capabilities[name as keyof Capabilities])
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

/** Returns the event without the parts left out; undefined if that is all of it. */
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
