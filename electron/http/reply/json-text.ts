declare const meaning: unique symbol

/** An answer of type `T` whose JSON is there already: large lists are put together from parts that rarely change. */
export class JsonText<T> {
  readonly text: string
  declare readonly [meaning]?: T

  constructor(text: string) {
    this.text = text
  }
}
