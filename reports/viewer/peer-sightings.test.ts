import { expect, it } from 'vitest'
import { ackLost, tunnelLost, tunnelPassed } from '../testing/histories.ts'
import { findPeerSightings } from './peer-sightings.ts'

const seen = (history: ReturnType<typeof tunnelPassed>) =>
  history.operations.map((operation) =>
    findPeerSightings(history, operation).map(({ device, event }) => [device, event?.type]),
  )

it('finds the first pull or view that shows an operation on another device', () => {
  expect(seen(tunnelPassed())).toEqual([[['ben', 'cursorSaved']], [['ben', 'cursorSaved']]])
  expect(seen(ackLost().history)).toEqual([[['ben', 'view']]])
  expect(seen(tunnelLost().history)).toEqual([[['ben', undefined]], [['ben', undefined]]])
})
