import { Injectable } from '@nestjs/common';

interface Article {
  readonly cents: number;
  readonly left: number;
}

/** An ordinary provider: agents ask for it in their constructors. */
@Injectable()
export class Warehouse {
  private readonly articles: ReadonlyMap<string, Article> = new Map([
    ['TE-1', { cents: 450, left: 20 }],
    ['MU-7', { cents: 1_200, left: 0 }],
  ]);

  article(name: string): Article {
    return this.articles.get(name) ?? { cents: 100, left: 1 };
  }
}
