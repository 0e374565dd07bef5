import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action } from '../../harness/core/action.ts'
import { groupBy } from '../../harness/core/group.ts'
import { mark, markOf } from '../../harness/core/mark.ts'
import { isWrite } from '../../harness/core/operation.ts'
import { HttpError } from '../../harness/core/ports/http.ts'
import { VirtualClock } from '../../harness/core/ports/virtual-clock.ts'
import { Backend } from './testing/server.ts'
import { type Answerer, hang, json, Phone } from './testing/stage.ts'

/** What the way does to one request. */
const fates = {
  fine: (server) => server.answer,
  'request lost': () => hang,
  refused: () => () => {
    throw new HttpError('refused')
  },
  'answer lost': (server) => server.loseAnswer,
  'carried out, never answered': (server) => async (request) => {
    await server.answer(request)
    return hang(request)
  },
  'delivered twice': (server) => async (request) => {
    await server.answer(request)
    return server.answer(request)
  },
  'given up, delivered much later': (server, clock) => (request) => {
    clock.after(20_000, () => void server.answer(request))
    return hang(request)
  },
  'answered late': (server, clock) => async (request) => {
    const response = await server.answer(request)
    await new Promise<void>((resolve) => clock.after(4_000, resolve))
    return response
  },
  'too busy': () => () => json(503, { error: 'busy' }, { 'retry-after': '7' }),
  'a portal answers': () => () => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>Sign in</html>',
  }),
  'a proxy refuses': () => () => ({
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: 'Forbidden',
  }),
} satisfies Record<string, (server: Backend, clock: VirtualClock) => Answerer>
type Fate = keyof typeof fates

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
      left: fc.nat(3),
      when: fc.constantFrom('before' as const, 'after' as const),
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
const script = fc.record({
  policy: fc.constantFrom('last-write-wins', 'server-wins'),
  seed: fc.nat(1000),
  steps: fc.array(fc.record({ wait: fc.constantFrom(0, 1, 2, 300, 2_000, 20_000), step }), {
    minLength: 1,
    maxLength: 25,
  }),
  fates: fc.array(fc.constantFrom(...(Object.keys(fates) as Fate[])), {
    minLength: 1,
    maxLength: 30,
  }),
})
type Script = typeof script extends fc.Arbitrary<infer Value> ? Value : never

async function play({ policy, seed, steps, fates: way }: Script) {
  const clock = new VirtualClock()
  const server = new Backend(clock, { policy, seed })
  let requests = 0
  const faulty: Answerer = (request) =>
    fates[way[requests++ % way.length] as Fate](server, clock)(request)
  const phones = {
    ana: new Phone(clock, faulty, { name: 'ana', seed }),
    ben: new Phone(clock, faulty, { name: 'ben', seed: seed + 1 }),
  }
  /** What the person was told is safe, in order. */
  const safe: { readonly phone: Phone; readonly action: Action }[] = []
  const ops: string[] = []
  /** Cancels that died before they said what became of them: they may have been carried out. */
  const perhapsCancelled = new Set<string>()
  for (const phone of Object.values(phones)) phone.start()

  /** The text of the record that the person had before their eyes when they wrote. */
  const eyed = new Map<string, unknown>()

  const perform = async (phone: Phone, action: Action) => {
    ops.push(action.op)
    if (isWrite(action))
      eyed.set(
        action.op,
        phone.view().rows.find((row) => row.record === action.record)?.content.text,
      )
    const saved = await phone.perform(action)
    if (!saved && action.type === 'cancel') perhapsCancelled.add(action.target)
    if (!saved || 'refused' in saved) return
    expect(saved).toEqual({ durable: true })
    safe.push({ phone, action })
    if (action.type === 'create' || action.type === 'update')
      expect(textsOf(phone)).toContain(action.content.text)
    if (action.type === 'delete')
      expect(phone.view().rows.map((row) => row.record)).not.toContain(action.record)
  }

  for (const [i, { wait, step }] of steps.entries()) {
    await clock.advance(wait)
    const phone = phones[step.who]
    const op = `${phone.name}-${i}`
    const record = `${step.do === 'note' ? 'n' : 'm'}${i}`
    const text = mark(`text ${i}`, { record, op })
    if (step.do === 'start') phone.start()
    else if (step.do === 'kill') phone.doom = { left: step.left, when: step.when }
    else if (step.do === 'go offline' || step.do === 'go online')
      phone.connectivity.set({ online: step.do === 'go online' })
    else if (!phone.alive) phone.start()
    else if (step.do === 'message')
      await perform(phone, {
        type: 'create',
        op,
        collection: 'messages',
        record,
        content: { conversation: 'c', text },
      })
    else if (step.do === 'note')
      await perform(phone, { type: 'create', op, collection: 'notes', record, content: { text } })
    else if (step.do === 'cancel') {
      const target = phone.view().outbox?.at(step.which)
      const made =
        target &&
        ops.find((name) =>
          phone.events.some(
            (event) =>
              event.type === 'localCommit' && event.key === target.key && event.op === name,
          ),
        )
      if (made) await perform(phone, { type: 'cancel', op, target: made })
    } else if (step.do === 'edit' || step.do === 'delete') {
      const { rows } = phone.view()
      const row = rows[step.which % Math.max(1, rows.length)]
      if (!row?.record) continue
      const { collection, record } = row
      if (step.do === 'delete') await perform(phone, { type: 'delete', op, collection, record })
      else
        await perform(phone, {
          type: 'update',
          op,
          collection,
          record,
          content: { ...row.content, text: mark(`text ${i}`, { record, op }) },
        })
    }
  }
  // Heal, and let it settle without anybody's help.
  for (const phone of Object.values(phones)) {
    phone.answer = server.answer
    phone.doom = undefined
    phone.connectivity.set({ online: true })
    phone.start()
  }
  await clock.advance(150_000)
  for (const phone of Object.values(phones)) phone.stop()
  return { server, phones: Object.values(phones), safe, ops, perhapsCancelled, eyed }
}

const textsOf = (phone: Phone) => phone.view().rows.map((row) => row.content.text)

describe('whatever the way and the battery do', () => {
  it('after healing all agree, nothing is lost, nothing takes effect twice, conversations keep their order', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        const { server, phones, safe, ops, perhapsCancelled, eyed } = await play(given)
        const live = server
          .dump()
          .rows.filter((row) => !row.deleted)
          .map((row) => `${row.collection} ${row.record} v${row.version} ${row.content?.text}`)
          .sort()
        const commits = server.commits()
        const texts = new Map(server.written)
        const outcomes = server.events.filter((event) => event.type === 'serverOutcome')
        const keyOf = new Map(
          phones.flatMap((phone) =>
            phone.events.flatMap((event) =>
              event.type === 'localCommit' ? [[event.op, event.key]] : [],
            ),
          ),
        )

        for (const phone of phones) {
          const view = phone.view()
          expect(view).toMatchObject({ pending: 0, failed: 0, allSynced: true })
          expect(
            view.rows
              .map((row) => `${row.collection} ${row.record} v${row.version} ${row.content.text}`)
              .sort(),
          ).toEqual(live)
          expect(new Set(view.rows.map((row) => row.status))).toEqual(
            new Set(view.rows.length > 0 ? ['sent'] : []),
          )
        }
        for (const group of groupBy(commits, (commit) => commit.key).values())
          expect(group).toHaveLength(1)

        const cancelled = new Set(
          safe.flatMap(({ action }) => (action.type === 'cancel' ? [action.target] : [])),
        )
        const cancelledRecords = new Set(
          safe.flatMap(({ action }) =>
            action.type === 'create' && cancelled.has(action.op) ? [action.record] : [],
          ),
        )
        const doubtful = new Set(
          safe.flatMap(({ action }) =>
            action.type === 'create' && perhapsCancelled.has(action.op) ? [action.record] : [],
          ),
        )
        for (const { phone, action } of safe) {
          if (
            !isWrite(action) ||
            cancelled.has(action.op) ||
            perhapsCancelled.has(action.op) ||
            doubtful.has(action.record)
          )
            continue
          if (cancelledRecords.has(action.record)) continue
          const key = keyOf.get(action.op) ?? outcomes.find((event) => event.op === action.op)?.key
          const done = commits.filter((commit) => commit.key === key)
          const lost = outcomes.some((event) => event.key === key && event.outcome === 'conflict')
          expect({ op: action.op, ended: done.length + (lost ? 1 : 0) }).toEqual({
            op: action.op,
            ended: 1,
          })
          if (lost && action.type !== 'delete')
            expect(phone.view().conflicts?.map(({ content }) => content.text)).toContain(
              action.content.text,
            )
        }
        // Somebody may have edited it meanwhile; then the policy decides whether the deletion stands.
        const outvoted = new Set(
          outcomes.flatMap((event) =>
            event.write === 'delete' && event.outcome === 'conflict' ? [event.record] : [],
          ),
        )
        for (const record of cancelledRecords)
          if (!outvoted.has(record))
            expect(live.map((line) => line.split(' ')[1])).not.toContain(record)

        const takenBack = (text: unknown) => {
          const op = markOf(String(text))?.op ?? ''
          return cancelled.has(op) || perhapsCancelled.has(op)
        }
        // What was overwritten without asking the conflict policy, its writer had seen.
        const opOf = new Map([...keyOf].map(([op, key]) => [key, op]))
        for (const group of groupBy(
          commits,
          (commit) => `${commit.collection} ${commit.record}`,
        ).values())
          for (const [i, commit] of group.entries()) {
            const op = commit.op ?? opOf.get(commit.key ?? '')
            if (
              i > 0 &&
              commit.base === commit.head &&
              op !== undefined &&
              eyed.has(op) &&
              !takenBack(eyed.get(op))
            )
              expect({ op, over: eyed.get(op) }).toEqual({ op, over: texts.get(group[i - 1]?.key) })
          }

        const orderOf = (op: string | undefined) => (op === undefined ? -1 : ops.indexOf(op))
        for (const { name } of phones) {
          const mine = commits.filter(
            (commit) =>
              commit.author === name && commit.collection === 'messages' && commit.op !== undefined,
          )
          const order = mine.map((commit) => orderOf(commit.op))
          expect(order).toEqual([...order].sort((a, b) => a - b))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('sends the same requests at the same moments when seeds and story are the same', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (given) => {
        const [first, second] = [await play(given), await play(given)]
        for (const [i, phone] of first.phones.entries()) {
          expect(second.phones[i]?.requests).toEqual(phone.requests)
          expect(second.phones[i]?.events).toEqual(phone.events)
        }
      }),
      { numRuns: 25 },
    )
  })
})
