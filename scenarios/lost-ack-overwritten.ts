import { at, during, scenario } from '../harness/core/build.ts'
import { lostAck } from '../harness/faults/lost-ack.ts'
import { tunnel } from '../harness/faults/tunnel.ts'
import { editNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Lost ack, overwritten',
  story:
    "Ana's edit is stored but its ack is lost; Ben reads it and writes over it. " +
    "Ana's late retry must not undo what Ben wrote.",
  devices: ['ana', 'ben'],
  steps: [
    at('5s', writeNote('ana', 'shopping', 'milk')),
    during('40s', '70s', lostAck('ana')),
    at('50s', editNote('ana', 'shopping', 'milk, bread')),
    during('70s', '140s', tunnel('ana')),
    at('110s', editNote('ben', 'shopping', 'milk, bread, tea')),
  ],
  exercised: { serverCommits: 3, lostAcks: 1, actionsUnderFault: 1 },
})
