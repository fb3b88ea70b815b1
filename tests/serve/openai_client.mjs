// Asks `kiloword serve` as OpenAI's own client does; prints what came as JSON.
//     node openai_client.mjs ADDRESS/v1 PHOTO
// The package `openai` is found from the working folder.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(join(process.cwd(), 'node_modules', 'none.js'));
const OpenAI = require('openai');
const [baseURL, photo] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: process.env.KILOWORD_TOKEN, maxRetries: 0 });

const url = `data:image/jpeg;base64,${readFileSync(photo).toString('base64')}`;
const messages = [{ role: 'user', content: [
  { type: 'text', text: 'What is in this image?' },
  { type: 'image_url', image_url: { url } },
] }];

async function refusal(request) {
  try {
    await request;
    return null;
  } catch (error) {
    return { name: error.constructor.name, status: error.status, message: error.message };
  }
}

const models = [];
for await (const model of await client.models.list()) models.push(model.id);

const caption = await client.chat.completions.create({ model: 'kiloword-caption', messages });
const description = await client.chat.completions.create({ model: 'kiloword', messages, max_tokens: 8, seed: 3 });

const pieces = [];
let streamed = null;
for await (const chunk of await client.chat.completions.create({
  model: 'kiloword', messages, max_tokens: 8, seed: 3, stream: true,
})) {
  pieces.push(chunk.choices[0]?.delta?.content ?? '');
  streamed = chunk;
}

const remote = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://127.0.0.1:1/a.jpg' } }] }];
const broken = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AAAA' } }] }];
const stranger = new OpenAI({ baseURL, apiKey: 'wrong', maxRetries: 0 });

console.log(JSON.stringify({
  models,
  caption: caption.choices[0],
  description: description.choices[0],
  pieces,
  finish: streamed.choices[0]?.finish_reason,
  refusals: {
    remote: await refusal(client.chat.completions.create({ model: 'kiloword', messages: remote })),
    broken: await refusal(client.chat.completions.create({ model: 'kiloword', messages: broken })),
    stranger: await refusal(stranger.chat.completions.create({ model: 'kiloword', messages })),
  },
}));
