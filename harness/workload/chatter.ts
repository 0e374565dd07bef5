import { faker } from '@faker-js/faker/locale/en'
import { at, type StepDraft } from '../core/build.ts'
import { type Duration, milliseconds } from '../core/time.ts'
import { send } from './chat.ts'

/**
 * A lively conversation: `count` messages with made-up content, sent by the devices at random moments from one instant to another. The seed alone
 * decides who says what and when.
 */
export function chatter(options: {
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
