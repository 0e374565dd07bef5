/**
 * Random stories of two phones under random faults of network, battery and disk. After healing,
 * the phones and the server must agree, and each durable write must have taken effect exactly once.
 *
 * @module
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from '../../harness/core/action.ts'
import type { ServerEvent } from '../../harness/core/event.ts'
import { groupBy } from '../../harness/core/group.ts'
import { mark, markOf } from '../../harness/core/mark.ts'
import { isWrite } from '../../harness/core/operation.ts'
import { sleep } from '../../harness/core/ports/clock.ts'
import type { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import {
  delayResponse,
  fail,
  hang,
  healthy,
  json,
  loseResponse,
  type Network,
  PORTAL_PAGE,
  respond,
} from '../../harness/testing/network.ts'
import type { Phone } from '../../harness/testing/phone.ts'
import { eventsOf, itemsOf, setUp } from './testing/setup.ts'

/** The faults that the network can apply to one request. */
const faults = {
  none: () => healthy,
  'request lost': () => hang,
  refused: () => fail('refused'),
  'response lost': () => loseResponse,
  'handled, never answered': () => async (_request, forward) => {
    await forward()
    return hang()
  },
  'delivered twice': () => async (_request, forward) => {
    await forward()
    return forward()
  },
  'timed out, delivered much later': (clock) => (_request, forward) => {
    void sleep(clock, 20_000).then(forward)
    return hang()
  },
  'response late': (clock) => delayResponse(clock, 4_000),
  'too busy': () => respond(json(503, { error: 'busy' }, { 'retry-after': '7' })),
  'captive portal': () => respond(PORTAL_PAGE),
  'proxy error': () => respond({ ...PORTAL_PAGE, status: 403, body: 'Forbidden' }),
} satisfies Record<string, (clock: VirtualClock) => Network>
type Fault = keyof typeof faults

const who = fc.constantFrom('ana' as const, 'ben' as const)
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ who, do: fc.constantFrom('message' as const, 'note' as const) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      who,
      do: fc.constantFrom('edit' as const, 'delete' as const, 'cancel' as const),
      which: fc.nat(20),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      who,
      do: fc.constant('kill' as const),
      skip: fc.nat(3),
      moment: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      who,
      do: fc.constantFrom('start' as const, 'go offline' as const, 'go online' as const),
    }),
  },
)
const story = fc.record({
  policy: fc.constantFrom('last-write-wins', 'server-wins'),
  seed: fc.nat(1000),
  steps: fc.array(fc.record({ wait: fc.constantFrom(0, 1, 2, 300, 2_000, 20_000), step }), {
    minLength: 1,
    maxLength: 25,
  }),
  faults: fc.array(fc.constantFrom(...(Object.keys(faults) as Fault[])), {
    minLength: 1,
    maxLength: 30,
  }),
})
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never
type Step = Story['steps'][number]['step']

/** The users' actions and the texts that they saw, for the checks. */
class Diary {
  /** The actions that a client reported as durable, in order. */
  readonly durable: { readonly phone: Phone; readonly action: Action }[] = []
  /** All operations, in the order performed. */
  readonly opIds: string[] = []
  /** The targets of cancellations whose phone was killed before it reported a result. */
  readonly maybeCancelled = new Set<string>()
  /** For each operation, the text of its record on the screen when the user wrote. */
  readonly textSeen = new Map<string, unknown>()

  async perform(phone: Phone, action: Action): Promise<void> {
    this.opIds.push(action.opId)
    if (isWrite(action)) {
      const { rows } = await phone.view()
      this.textSeen.set(action.opId, rows.find((row) => row.record === action.record)?.content.text)
    }
    const saved = await phone.perform(action).saved
    if (!saved && action.type === 'cancel') this.maybeCancelled.add(action.target)
    if (!saved || 'refused' in saved) return
    expect(saved).toEqual({ durable: true })
    this.durable.push({ phone, action })
    const { rows } = await phone.view()
    if (action.type === 'create' || action.type === 'update')
      expect(rows.map((row) => row.content.text)).toContain(action.content.text)
    if (action.type === 'delete') expect(rows.map((row) => row.record)).not.toContain(action.record)
  }
}

async function play({ policy, seed, steps, faults: drawn }: Story) {
  const { clock, server, phone } = setUp({ policy, seed })
  let requests = 0
  const network: Network = (request, forward) => {
    const fault = drawn[requests++ % drawn.length] as Fault
    return (faults[fault] as (clock: VirtualClock) => Network)(clock)(request, forward)
  }
  const ana = phone('ana', { network, seed })
  const ben = phone('ben', { network, seed: seed + 1 })
  const phones = [ana, ben]
  const diary = new Diary()
  await Promise.all(phones.map((each) => each.start()))
  for (const [i, { wait, step }] of steps.entries()) {
    await clock.advance(wait)
    await carryOut(step, i, step.who === 'ana' ? ana : ben, diary)
  }
  // Heal, then settle without any action.
  for (const each of phones) {
    each.network = healthy
    each.killAtCommit = undefined
    each.connectivity.set({ online: true })
    await each.start()
  }
  await clock.advance(150_000)
  return { server, phones, diary }
}

async function carryOut(step: Step, i: number, phone: Phone, diary: Diary): Promise<void> {
  if (step.do === 'start') return phone.start()
  if (step.do === 'kill') {
    phone.killAtCommit = { skip: step.skip, moment: step.moment }
    return
  }
  if (step.do === 'go offline' || step.do === 'go online')
    return phone.connectivity.set({ online: step.do === 'go online' })
  if (!phone.alive) return phone.start()
  const action = await actionOf(step, i, phone)
  if (action) await diary.perform(phone, action)
}

/** Makes the action of a step; undefined if the screen shows nothing to act on. */
async function actionOf(step: Step, i: number, phone: Phone): Promise<Action | undefined> {
  const opId = `${phone.name}-${i}`
  const textFor = (record: string) => mark(`text ${i}`, { record, opId })
  const { rows, outbox } = await phone.view()
  if (step.do === 'message') {
    const [collection, record] = ['messages', `m${i}`]
    const content = { conversation: 'c', text: textFor(record) }
    return { type: 'create', opId, collection, record, content }
  }
  if (step.do === 'note') {
    const [collection, record] = ['notes', `n${i}`]
    return { type: 'create', opId, collection, record, content: { text: textFor(record) } }
  }
  if (step.do === 'cancel') {
    const key = outbox?.at(step.which)?.key
    const target = eventsOf(phone, 'localCommit').find((event) => event.key === key)?.opId
    return target === undefined ? undefined : { type: 'cancel', opId, target }
  }
  if (step.do !== 'edit' && step.do !== 'delete') return undefined
  const row = rows[step.which % Math.max(1, rows.length)]
  if (!row?.record) return undefined
  const { collection, record } = row
  if (step.do === 'delete') return { type: 'delete', opId, collection, record }
  const content = { ...row.content, text: textFor(record) }
  return { type: 'update', opId, collection, record, content }
}

type Result = Awaited<ReturnType<typeof play>>
type Commit = Extract<ServerEvent, { type: 'serverCommit' }>

const lineOf = (row: {
  readonly collection: string
  readonly record?: string
  readonly version?: number
  readonly content?: { readonly text?: unknown }
}) => `${row.collection} ${row.record} v${row.version} ${row.content?.text}`

async function expectAgreement({ server, phones }: Result): Promise<void> {
  const live = server.dump().rows.filter((row) => !row.deleted)
  for (const phone of phones) {
    const view = await phone.view()
    expect(view).toMatchObject({ pending: 0, failed: 0, allSynced: true })
    expect(view.rows.map(lineOf).sort()).toEqual(live.map(lineOf).sort())
    expect(new Set(view.rows.map((row) => row.status))).toEqual(
      new Set(view.rows.length > 0 ? ['sent'] : []),
    )
  }
}

/** The operations and records that a user cancelled, or may have cancelled. */
function cancelledIn({ diary: { durable, maybeCancelled } }: Result) {
  const cancelled = new Set(
    durable.flatMap(({ action }) => (action.type === 'cancel' ? [action.target] : [])),
  )
  const recordsCreatedBy = (opIds: ReadonlySet<string>) =>
    new Set(
      durable.flatMap(({ action }) =>
        action.type === 'create' && opIds.has(action.opId) ? [action.record] : [],
      ),
    )
  return {
    has: (opId: string) => cancelled.has(opId) || maybeCancelled.has(opId),
    records: recordsCreatedBy(cancelled),
    maybeRecords: recordsCreatedBy(maybeCancelled),
  }
}

/** Expects that each durable write took effect once, or lost a conflict and is still shown. */
async function expectExactlyOnce(result: Result): Promise<void> {
  const { server, phones, diary } = result
  const cancelled = cancelledIn(result)
  const commits = server.commits()
  const outcomes = server.events.filter((event) => event.type === 'serverOutcome')
  const keys = keysOf(phones)
  for (const group of groupBy(commits, (commit) => commit.key).values())
    expect(group).toHaveLength(1)
  for (const { phone, action } of diary.durable) {
    if (!isWrite(action) || cancelled.has(action.opId)) continue
    if (cancelled.records.has(action.record) || cancelled.maybeRecords.has(action.record)) continue
    const { opId } = action
    const key = keys.get(opId) ?? outcomes.find((event) => event.opId === opId)?.key
    const effects = commits.filter((commit) => commit.key === key)
    const lost = outcomes.some((event) => event.key === key && event.outcome === 'conflict')
    expect({ opId, completed: effects.length + (lost ? 1 : 0) }).toEqual({ opId, completed: 1 })
    if (!lost || action.type === 'delete') continue
    const { conflicts } = await phone.view()
    expect(conflicts?.map(({ content }) => content.text)).toContain(action.content.text)
  }
}

/** Expects cancelled records to be deleted, unless the deletion lost to another user's edit. */
function expectNoCancelledRecord(result: Result): void {
  const { server } = result
  const kept = new Set(
    server.events.flatMap((event) =>
      event.type === 'serverOutcome' && event.write === 'delete' && event.outcome === 'conflict'
        ? [event.record]
        : [],
    ),
  )
  const live = server.dump().rows.filter((row) => !row.deleted)
  for (const record of cancelledIn(result).records)
    if (!kept.has(record)) expect(live.map((row) => row.record)).not.toContain(record)
}

/** Expects that a write accepted without the policy overwrote the text that its user saw. */
function expectNoSilentOverwrite(result: Result): void {
  const { server, phones, diary } = result
  const cancelled = cancelledIn(result)
  const opOf = new Map([...keysOf(phones)].map(([opId, key]) => [key, opId]))
  const textOf = new Map(
    phones.flatMap(({ requests }) =>
      requests
        .flatMap(itemsOf)
        .map((item) => [item.key, 'content' in item ? item.content.text : undefined]),
    ),
  )
  const seenBy = ({ opId, key }: Commit) => {
    const writer = opId ?? opOf.get(key ?? '')
    return writer !== undefined && diary.textSeen.has(writer)
      ? { opId: writer, text: diary.textSeen.get(writer) }
      : undefined
  }
  const perRecord = groupBy(server.commits(), ({ collection, record }) => `${collection} ${record}`)
  for (const group of perRecord.values())
    for (const [i, commit] of group.entries()) {
      const seen = seenBy(commit)
      if (i === 0 || commit.base !== commit.head || !seen) continue
      if (cancelled.has(markOf(String(seen.text))?.opId ?? '')) continue
      expect(seen).toEqual({ opId: seen.opId, text: textOf.get(group[i - 1]?.key ?? '') })
    }
}

function expectOrder({ server, phones, diary: { opIds } }: Result): void {
  for (const { name } of phones) {
    const order = server
      .commits()
      .filter(({ author, collection }) => author === name && collection === 'messages')
      .flatMap(({ opId }) => (opId === undefined ? [] : [opIds.indexOf(opId)]))
    expect(order).toEqual([...order].sort((a, b) => a - b))
  }
}

function keysOf(phones: readonly Phone[]): Map<string, string> {
  return new Map(
    phones.flatMap((phone) => eventsOf(phone, 'localCommit').map(({ opId, key }) => [opId, key])),
  )
}

describe('two reference clients under random faults', () => {
  it('phones agree after healing: no write is lost, repeated, overwritten unseen or reordered', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async (drawn) => {
        const result = await play(drawn)
        await expectAgreement(result)
        await expectExactlyOnce(result)
        expectNoCancelledRecord(result)
        expectNoSilentOverwrite(result)
        expectOrder(result)
      }),
      { numRuns: 300 },
    )
  })

  it('phones send the same requests at the same moments for the same story and seeds', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (drawn) => {
        const [first, second] = [await play(drawn), await play(drawn)]
        for (const [i, phone] of first.phones.entries()) {
          expect(second.phones[i]?.requests).toEqual(phone.requests)
          expect(second.phones[i]?.events).toEqual(phone.events)
        }
      }),
      { numRuns: 25 },
    )
  })
})
