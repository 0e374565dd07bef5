import type { Action } from '../../harness/core/action.ts'
import { withoutMark } from '../../harness/core/mark.ts'
import { truncate } from './text.ts'

/** Describes a person's action: "sends ‘See you at eight’", "edits note list to ‘milk’". */
export function actionText(action: Action, lengthMax = 60): string {
  switch (action.type) {
    case 'create': {
      const text = quote(action.content.text, lengthMax)
      return action.collection === 'messages'
        ? `sends ${text}`
        : `writes ${recordText(action)}: ${text}`
    }
    case 'update':
      return `edits ${recordText(action)} to ${quote(action.content.text, lengthMax)}`
    case 'delete':
      return `deletes ${recordText(action)}`
    case 'cancel':
      return `takes back ${action.target}`
    case 'refresh':
      return 'pulls to refresh'
  }
}

function recordText({ collection, record }: { collection: string; record: string }): string {
  return `${singular(collection)} ${record}`
}

/** 'message' for 'messages'. */
export function singular(collection: string): string {
  return collection.replace(/s$/, '')
}

/** Returns the text that a person typed, without the marker of its operation. */
export function typedText(text: unknown): string {
  return withoutMark(typeof text === 'string' ? text : '')
}

export function quote(text: unknown, lengthMax = 60): string {
  return `‘${truncate(typedText(text), lengthMax)}’`
}
