import { at, during, scenario } from '../harness/core/build.ts'
import { slowAnswer } from '../harness/faults/slow-answer.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Late answer',
  story:
    'The server stores what Ana writes at once, but its answers come when her app has given up ' +
    'waiting for them. A late answer is no refusal: all arrives once, and shows as sent.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    during('25s', '70s', slowAnswer('ana')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('78s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 5, lateAcks: 1, actionsUnderFault: 1 },
})
