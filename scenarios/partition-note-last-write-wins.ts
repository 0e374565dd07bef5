import { at, during, scenario } from '../harness/core/build.ts'
import { partition } from '../harness/faults/partition.ts'
import { editNote, writeNote } from '../harness/workload/notes.ts'

export default scenario({
  title: 'Partition, note, last write wins',
  story:
    'Ana and Ben edit the same note while cut off from each other. Under last-write-wins, the later edit stands wherever it was written, and the other one is kept as a conflict.',
  devices: ['ana', 'ben'],
  policy: 'last-write-wins',
  steps: [
    at('5s', writeNote('ana', 'plan', 'Meet at seven')),
    during('40s', '80s', partition('ben')),
    during('40s', '120s', partition('ana')),
    at('50s', editNote('ana', 'plan', 'Meet at eight')),
    at('60s', editNote('ben', 'plan', 'Meet at nine')),
  ],
  exercised: { serverCommits: 2, conflicts: 1, actionsUnderFault: 2 },
})
