import { at, during, scenario } from '../harness/core/build.ts'
import { cutAnswer } from '../harness/faults/cut-answer.ts'
import { send } from '../harness/workload/chat.ts'

export default scenario({
  title: 'Cut answer',
  story:
    'A proxy passes only half of each answer, and says that it is all. ' +
    'What is missing in it is not deleted, and what it confirmed arrives once.',
  devices: ['ana', 'ben'],
  steps: [
    at('5s', send('ana', 'Boarding now')),
    at('10s', send('ben', 'Still in the taxi')),
    at('15s', send('ana', 'No hurry')),
    during('25s', '70s', cutAnswer('ana')),
    at('30s', send('ana', 'Which platform are you on?')),
    at('40s', send('ben', 'Platform nine')),
    at('48s', send('ana', 'On my way')),
    at('85s', send('ben', 'I can see you')),
  ],
  exercised: { serverCommits: 7, replacedResponses: 2, actionsUnderFault: 2 },
})
