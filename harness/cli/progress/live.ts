import { Listr } from 'listr2'
import type { Progress, Task } from './progress.ts'

/** Shows a spinner and the current phase for each scenario, in a terminal. */
export const live: Progress = {
  async play(heading, tasks, concurrency) {
    const rows = tasks.map((row) => ({
      title: row.title,
      // The error for a verdict other than pass only marks its row; the other rows continue.
      task: (_: unknown, shown: { title: string; output: string }) => playRow(row, shown),
    }))
    const whole = new Listr(
      [
        {
          title: heading,
          task: (_, parent) =>
            parent.newListr(rows, { concurrent: Math.max(1, concurrency), exitOnError: false }),
        },
      ],
      {
        // interrupt.ts handles signals: listr2 would exit before the worlds are closed.
        registerSignalListeners: false,
        exitOnError: false,
        rendererOptions: {
          collapseSubtasks: false,
          showErrorMessage: false,
          collapseErrors: false,
        },
      },
    )
    await whole.run()
  },
}

/** Rejects if the verdict is not pass, so that listr2 marks the row as failed. */
async function playRow(row: Task, shown: { title: string; output: string }): Promise<void> {
  const end = await row.run((phase) => {
    shown.title = `${row.title}  ${phase}`
  })
  shown.title = end ? `${row.title}  ${end.text}` : `${row.title}  interrupted`
  if (end && end.verdict !== 'pass') throw new Error(end.text)
}
