// Times an ONNX image tower in ONNX Runtime. Answers every line "COUNT" on standard input with one line of JSON:
// seconds and processor seconds for COUNT pictures in one call, and the first embedding.
//
// usage: node onnxruntime_worker.js MODULES_FOLDER TOWER.onnx SIDE THREADS

const path = require('path');
const readline = require('readline');

const [modules, tower, side, threads] = process.argv.slice(2);
const ort = require(path.join(modules, 'node_modules', 'onnxruntime-node'));

/** As image_worker.cpp makes them. */
function pictures(count) {
  const values = new Float32Array(count * 3 * side * side);
  for (let i = 0; i < values.length; ++i) values[i] = (i % 1009) / 504 - 1;
  return new ort.Tensor('float32', values, [count, 3, Number(side), Number(side)]);
}

async function main() {
  const session = await ort.InferenceSession.create(
      tower, {intraOpNumThreads: Number(threads), executionProviders: ['cpu'], graphOptimizationLevel: 'all'});
  console.log(JSON.stringify({ready: true}));
  for await (const line of readline.createInterface({input: process.stdin})) {
    const pixels = pictures(Number(line));
    const cpuStart = process.cpuUsage();
    const start = process.hrtime.bigint();
    const result = await session.run({pixels});
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const cpu = process.cpuUsage(cpuStart);
    const embedding = Array.from(result.embeddings.data.slice(0, result.embeddings.dims[1]));
    console.log(JSON.stringify({seconds, cpu_seconds: (cpu.user + cpu.system) / 1e6, embedding}));
  }
}

main();
