import type { EventOf } from '../core/event.ts'
import type { History } from '../core/history.ts'
import type { Finding } from '../core/invariant.ts'
import { isRunningAt } from '../invariants/reading/lives.ts'
import { codeOf } from '../invariants/reading/wording.ts'

/** The most invalid reports that a verdict names. */
const NAMED_MAX = 3

/** Returns the reasons why a history proves nothing, whatever the invariants make of it. */
export function doubtsOf(history: History): string[] {
  const { operations } = history
  return [
    ...invalidReports(history),
    ...(operations.length === 0 ? ['nobody did anything'] : []),
    ...(operations.length > 0 && operations.every(({ refused }) => refused !== undefined)
      ? ['the app refused every action']
      : []),
    ...unreadScreens(history),
  ]
}

/**
 * Returns true for a finding that rests on events of a node of which some reports were invalid:
 * what the finding misses may have been in one of them.
 */
export function doubtfulFindings(history: History): (finding: Finding) => boolean {
  const nodes = new Set(history.whole.of('invalid').map(({ node }) => node))
  if (nodes.size === 0) return () => false
  const doubtful = new Set(history.all.filter(({ node }) => nodes.has(node)).map(({ seq }) => seq))
  return ({ evidence }) => evidence.some((seq) => doubtful.has(seq))
}

/** Names the first invalid report of each kind: all devices run the same app. */
function invalidReports(history: History): string[] {
  const firstOfKind = new Map<string, EventOf<'invalid'>>()
  for (const report of history.whole.of('invalid'))
    if (!firstOfKind.has(kindOf(report))) firstOfKind.set(kindOf(report), report)
  const texts = [...firstOfKind.values()].map(textOf)
  const more = texts.length - NAMED_MAX
  return [
    ...texts.slice(0, NAMED_MAX),
    ...(more > 0 ? [`${more} more kinds of invalid reports`] : []),
  ]
}

const kindOf = ({ node, what, expected }: EventOf<'invalid'>) =>
  JSON.stringify([node === 'server', what.replace(/ of .*|\(.*/, ''), expected])

function textOf({ node, what, received, expected }: EventOf<'invalid'>): string {
  return `${codeOf(node)} reported ${what} that is invalid: expected ${expected}; got ${received}`
}

/** Returns the apps that ran when the screens were read, and showed nothing. */
function unreadScreens(history: History): string[] {
  const read = history.phase('read')
  if (!read) return []
  return history.devices
    .filter((device) => isRunningAt(history, device, read.seq))
    .filter((device) => (history.lastView(device)?.seq ?? -1) < read.seq)
    .map((device) => `${codeOf(device)} showed nothing when its screen was read`)
}
