// How often each digit occurs in each block. Workgroup ↔ block.

#import sort/radix
#import shared/dispatch

@group(0) @binding(0) var<uniform> params: RadixParams;
@group(0) @binding(1) var<storage, read> counts: array<u32>;
@group(0) @binding(2) var<storage, read> keys: array<u32>;              // [count]
@group(0) @binding(3) var<storage, read_write> table: array<u32>;       // [digits, stride]

var<workgroup> histogram: array<atomic<u32>, MAX_DIGITS>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let count = min(counts[params.count_index], params.capacity);
  let block = group_number(group, groups);
  let start = block * RADIX_BLOCK;
  if (start >= count) {
    return;
  }
  // Equal neighbours are counted before they are added: keys of a scene share their high digits, and adding one by
  // one would queue all threads at one word.
  var digit = 0u;
  var run = 0u;
  for (var round = 0u; round < ROUNDS; round++) {
    let i = start + round * LANES + lane;
    if (i < count) {
      let next = digit_of(params, keys[i]);
      if (next != digit && run > 0u) {
        atomicAdd(&histogram[digit], run);
        run = 0u;
      }
      digit = next;
      run++;
    }
  }
  if (run > 0u) {
    atomicAdd(&histogram[digit], run);
  }
  workgroupBarrier();
  if (lane < params.digits) {
    table[lane * params.stride + block] = atomicLoad(&histogram[lane]);
  }
}
