import { faker } from '@faker-js/faker/locale/en'
import { at, type StepDraft } from '../core/build.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { send } from './chat.ts'

/**
 * Generates a conversation: `count` random messages, sent by the devices at random instants from
 * `from` to `to`. Sender, text and instant of each depend on the seed alone.
 *
 * @example
 * const steps = chatter({ devices: ['ana', 'ben'], count: 50, from: '1s', to: '2m', seed: 1 })
 */
export function chatter(options: {
  /** The names of the devices that send. */
  readonly devices: readonly string[]
  readonly count: number
  readonly from: Duration
  readonly to: Duration
  readonly seed: number
}): StepDraft[] {
  const [from, to] = [milliseconds(options.from), milliseconds(options.to)]
  faker.seed(options.seed)
  return Array.from({ length: options.count }, () =>
    at(
      faker.number.int({ min: from, max: to }),
      send(faker.helpers.arrayElement(options.devices), faker.hacker.phrase()),
    ),
  )
}
