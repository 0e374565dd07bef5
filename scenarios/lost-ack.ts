import { at, during, scenario } from '../harness/core/build.ts'
import { lostAck } from '../harness/faults/lost-ack.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Lost ack',
  story:
    "The server stores Ana's message and the answer is lost. " +
    'The retry must not make it arrive twice.',
  devices: ['ana', 'ben'],
  steps: [during('10s', '60s', lostAck('ana')), at('20s', send('ana', 'Did you get this?'))],
  exercised: { serverCommits: 1, lostAcks: 1 },
})
