import { expect, it } from 'vitest'
import { at, during, from, scenario } from '../core/build.ts'
import { tunnel } from '../faults/tunnel.ts'
import { send } from '../workload/chat.ts'
import { timeline } from './timeline.ts'

it('orders ends, begins and actions at one instant, and omits ends at the healing', () => {
  const built = scenario({
    title: 'Order',
    story: 'Moments in order.',
    devices: ['ana'],
    steps: [
      during('1s', '5s', tunnel('ana')),
      during('5s', '9s', tunnel('ana')),
      at('5s', send('ana', 'at the border')),
      from('7s', tunnel('ana')),
    ],
    exercised: { serverCommits: 1 },
  })
  expect(timeline(built).map(({ at: time, what }) => `${time} ${what}`)).toEqual([
    '1000 begins',
    '5000 ends',
    '5000 begins',
    '5000 action',
    '7000 begins',
  ])
})
