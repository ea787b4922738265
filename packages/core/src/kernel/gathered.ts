interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Questions that are asked one by one, and answered together: all that are asked before what runs now has come to its end.
 * Where they cannot be answered together each is asked by itself, unless `isOfAll` says that the failure is not one question's.
 */
export class Gathered<Question, Answer> {
  private asked: Asked<Question, Answer>[] = [];

  /** `answerAll` gives an answer for each question, in their order. */
  constructor(
    private readonly answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
    private readonly isOfAll: (error: unknown) => boolean,
  ) {}

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.asked.length === 0) queueMicrotask(() => this.answer(this.take()));
      this.asked.push({ question, resolve, reject });
    });
  }

  private take(): readonly Asked<Question, Answer>[] {
    const { asked } = this;
    this.asked = [];
    return asked;
  }

  private answer(asked: readonly Asked<Question, Answer>[]): void {
    this.answerAll(asked.map(({ question }) => question)).then(
      (answers) => asked.forEach(({ resolve }, index) => resolve(answers[index]!)),
      (error: unknown) => {
        if (asked.length === 1 || this.isOfAll(error)) for (const { reject } of asked) reject(error);
        else for (const one of asked) this.answer([one]);
      },
    );
  }
}
