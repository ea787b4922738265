import { TaskAgent } from '@taskloom/decorators';

@TaskAgent({ name: 'WebScraper', description: 'Fetches a page' })
export class WebScraper {
  calls = 0;

  async execute({ url }: { url: string }): Promise<{ content: string }> {
    this.calls += 1;
    return { content: `the page at ${url}` };
  }
}
