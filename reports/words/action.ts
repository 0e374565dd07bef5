import type { Action } from '../../harness/core/action.ts'
import { withoutMark } from '../../harness/core/mark.ts'
import { cut } from './count.ts'

/** What a person does: "sends 'See you at eight'", "edits note list to 'milk'". */
export function actionWords(action: Action, longest = 60): string {
  switch (action.type) {
    case 'create':
      return action.collection === 'messages'
        ? `sends ${quoted(action.content.text, longest)}`
        : `writes ${one(action.collection)} ${action.record}: ${quoted(action.content.text, longest)}`
    case 'update':
      return `edits ${one(action.collection)} ${action.record} to ${quoted(action.content.text, longest)}`
    case 'delete':
      return `deletes ${one(action.collection)} ${action.record}`
    case 'cancel':
      return `takes back ${action.target}`
    case 'refresh':
      return 'pulls to refresh'
  }
}

/** 'message' for 'messages'. */
export function one(collection: string): string {
  return collection.replace(/s$/, '')
}

/** What a person typed, without the marker of its operation. */
export function textOf(text: unknown): string {
  return withoutMark(typeof text === 'string' ? text : '')
}

export function quoted(text: unknown, longest = 60): string {
  return `‘${cut(textOf(text), longest)}’`
}
