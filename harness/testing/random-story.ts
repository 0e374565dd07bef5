/**
 * Random stories for control groups: correct clients that no invariant may accuse. The number of a
 * story decides everything in it.
 *
 * A story uses a few kinds of actions and faults at a time (swarm testing): otherwise two kinds
 * that matter together seldom meet. Actions are placed inside faults and faults around actions,
 * since independent instants hardly ever hit the moments that matter.
 *
 * @module
 */
import { type Draft, type StepDraft, scenario } from '../core/build.ts'
import type { Capabilities } from '../core/capabilities.ts'
import { type Random, seededRandom } from '../core/random.ts'
import type { Scenario } from '../core/scenario.ts'
import { deleteMessage, editMessage, send } from '../workload/chat.ts'
import { deleteNote, editNote, writeNote } from '../workload/notes.ts'
import { oneOf } from './one-of.ts'
import { monthWithoutPhones, RANDOM_FAULTS, type RandomFault } from './random-faults.ts'
import { RANDOM_HTTP_FAULTS } from './random-http-faults.ts'

const DEVICES = ['ana', 'ben', 'cleo', 'dan'] as const
const NOTES = ['plan', 'food', 'list'] as const
const CONVERSATIONS = ['main', 'side'] as const
/** A day more than the reference server keeps tombstones. */
const MONTH_MS = 31 * 86_400_000
/** The share of faults that act on HTTP requests. The others act on links and processes. */
const HTTP_SHARE = 0.4

/** The same story for the same number and capabilities. Uses only what the client can do. */
export function randomStory(number: number, capabilities: Capabilities): Scenario {
  const random = seededRandom(number).fork('story')
  const devices = DEVICES.slice(0, oneOf(random, [2, 2, 3, 4]))
  const horizonMs = oneOf(random, [40_000, 90_000, 180_000])
  const faults = windows(random, devices, horizonMs)
  const story = new Story(random, capabilities)
  const count = random.int(1, oneOf(random, [4, 8, 16]))
  const instants = Array.from({ length: count }, () => instantOf(random, faults, horizonMs))
  const acts = (offsetMs: number) => {
    for (const { at, device } of instants.sort((a, b) => a.at - b.at))
      story.act(offsetMs + at, device ?? oneOf(random, devices))
  }
  acts(0)
  const steps: StepDraft[] = faults.map(({ at, until, fault }) => ({ at, until, fault }))
  if (chance(random, 0.1)) {
    const from = 2 * horizonMs
    steps.push({ at: from, until: from + MONTH_MS, fault: monthWithoutPhones(devices) })
    acts(from + MONTH_MS)
  }
  const isShared = chance(random, 0.2)
  return scenario({
    title: `Random ${number}`,
    story: `Random actions on ${devices.length} devices, under random faults.`,
    devices: devices.map((name) => ({ name, user: isShared && name === 'ben' ? 'ana' : name })),
    policy: oneOf(random, ['last-write-wins', 'server-wins']),
    steps: [...steps, ...story.steps],
    settle: '1m',
    exercised: {},
  })
}

interface Window {
  readonly at: number
  readonly until: number
  readonly device: string
  readonly fault: ReturnType<RandomFault>
}

/** Up to six windows of up to three kinds of faults. Some begin inside the one before. */
function windows(random: Random, devices: readonly string[], horizonMs: number): Window[] {
  const kinds = Array.from({ length: random.int(0, 3) }, () =>
    oneOf(random, chance(random, HTTP_SHARE) ? RANDOM_HTTP_FAULTS : RANDOM_FAULTS),
  )
  const [first] = kinds
  if (!first) return []
  const all: Window[] = []
  for (let left = random.int(1, 6); left > 0; left--) {
    const before = all.at(-1)
    const isInside = before !== undefined && chance(random, 0.3)
    const device = isInside ? before.device : oneOf(random, devices)
    const at = isInside ? random.int(before.at, before.until) : random.int(500, horizonMs)
    const until = at + oneOf(random, [random.int(1, 8000), 5000 * random.int(1, 12)])
    all.push({ at, until, device, fault: oneOf(random, kinds)(device, random) })
  }
  return all
}

/** An instant of an action: inside a fault on its device, shortly before or after one, or any. */
function instantOf(
  random: Random,
  faults: readonly Window[],
  horizonMs: number,
): { readonly at: number; readonly device?: string } {
  const window = chance(random, 0.6) ? faults[random.int(0, faults.length - 1)] : undefined
  if (!window) return { at: oneOf(random, [5000 * random.int(1, 8), random.int(1000, horizonMs)]) }
  const { at, until, device } = window
  const inside = random.int(at, until)
  const around = Math.max(0, oneOf(random, [at, until]) + random.int(-120, 2000))
  return { at: oneOf(random, [inside, inside, around]), device }
}

type ActionKind = 'send' | 'edit' | 'delete' | 'write' | 'editNote' | 'deleteNote' | 'cancel'

/** The actions of a story. Edits, deletions and cancels aim at what was made before. */
class Story {
  readonly steps: StepDraft[] = []
  readonly #random: Random
  readonly #kinds: readonly ActionKind[]
  readonly #messages: string[] = []
  readonly #notes = new Set<string>()
  readonly #numbers = new Map<string, number>()
  /** The operations of each device that can be cancelled. */
  readonly #writes = new Map<string, string[]>()
  #texts = 0

  constructor(random: Random, { collections, update, ...can }: Capabilities) {
    const isPossible: Readonly<Record<ActionKind, boolean>> = {
      send: collections.includes('messages'),
      edit: collections.includes('messages') && update,
      delete: collections.includes('messages') && can.delete,
      write: collections.includes('notes'),
      editNote: collections.includes('notes') && update,
      deleteNote: collections.includes('notes') && can.delete,
      cancel: can.cancel,
    }
    const possible = (Object.keys(isPossible) as ActionKind[]).filter((kind) => isPossible[kind])
    const creations = possible.filter((kind) => kind === 'send' || kind === 'write')
    const swarm = possible.filter(() => chance(random, 0.6))
    this.#random = random
    this.#kinds = [...swarm, oneOf(random, creations)]
  }

  act(at: number, device: string): void {
    const draft = this.#draft(oneOf(this.#random, this.#kinds), device)
    const number = (this.#numbers.get(device) ?? 0) + 1
    this.#numbers.set(device, number)
    if (draft.type !== 'cancel')
      this.#writes.set(device, [...(this.#writes.get(device) ?? []), `${device}-${number}`])
    this.steps.push({ at, draft })
  }

  #draft(kind: ActionKind, device: string): Draft {
    const text = `text ${++this.#texts}`
    const message = this.#messages.at(-oneOf(this.#random, [1, 1, 2, 3]))
    const note = oneOf(this.#random, NOTES)
    const isKnownNote = this.#notes.has(note)
    if (kind === 'edit' && message) return editMessage(device, message, text)
    if (kind === 'delete' && message) return deleteMessage(device, message)
    if (kind === 'editNote' && isKnownNote) return editNote(device, note, text)
    if (kind === 'deleteNote' && isKnownNote) return deleteNote(device, note)
    const writes = this.#writes.get(device)
    if (kind === 'cancel' && writes)
      return { device, type: 'cancel', target: oneOf(this.#random, writes) }
    return kind.endsWith('ote') || kind === 'write'
      ? this.#newNote(device, note, text)
      : this.#newMessage(device, text)
  }

  #newMessage(device: string, text: string): Draft {
    const as = `m${this.#texts}`
    this.#messages.push(as)
    return send(device, text, { as, conversation: oneOf(this.#random, CONVERSATIONS) })
  }

  #newNote(device: string, note: string, text: string): Draft {
    this.#notes.add(note)
    return writeNote(device, note, text)
  }
}

function chance(random: Random, share: number): boolean {
  return random.next() < share
}
