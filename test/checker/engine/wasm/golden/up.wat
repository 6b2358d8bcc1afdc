(func $successors (type 0) (param i32)
    (local i32 i32 i32 i32 i32 i64 i64 i64 i64)
    global.get 6
    local.set 1
    global.get 0
    local.set 3
    global.get 8
    local.set 6
    global.get 13
    local.set 4
    global.get 14
    local.set 7
    local.get 0
    i64.load
    local.set 9
    ;; up(t0)
    block $l1
      ;; when … count, busy[t0] …
      local.get 9
      i32.wrap_i64
      i32.const 4
      i32.and
      i32.const 0
      i32.ne
      br_if $l1
      local.get 9
      i32.wrap_i64
      i32.const 3
      i32.and
      i32.const 3
      i32.ge_s
      br_if $l1
      block $l2
        ;; check … count …
        local.get 9
        i32.wrap_i64
        i32.const 3
        i32.and
        i32.const 1
        i32.add
        i32.const 3
        i32.gt_s
        if $l3
          i32.const 1
          global.set 12
          i32.const 0
          i32.load8_u offset=1280
          i32.eqz
          if $l4
            global.get 9
            local.tee 2
            global.get 11
            i32.store
            local.get 2
            i32.const 1
            i32.store offset=4
            local.get 2
            global.get 8
            i64.const 32
            i64.shr_u
            i32.wrap_i64
            i32.store offset=8
            local.get 2
            i32.const 0
            i32.store offset=12
            local.get 2
            i32.const 16
            i32.add
            local.tee 2
            global.get 10
            local.get 2
            global.get 10
            i32.lt_u
            select
            global.set 9
          end
          br $l2
        end
        ;; count = … count …
        local.get 9
        i64.const 1
        i64.add
        local.tee 8
        ;; busy[t0] =
        i64.const 4
        i64.xor
        local.set 8
        local.get 1
        local.get 8
        i64.store
        local.get 1
        local.get 6
        i64.const 0
        i64.or
        i64.store offset=16
        local.get 3
        local.get 3
        i64.load offset=392
        local.get 7
        i64.add
        i64.store offset=392
        local.get 4
        i32.const 1
        i32.add
        local.set 4
        local.get 1
        i32.const 24
        i32.add
        local.set 1
      end
    end
    ;; up(t1)
    block $l5
      ;; when … count, busy[t1] …
      local.get 9
      i32.wrap_i64
      i32.const 8
      i32.and
      i32.const 0
      i32.ne
      br_if $l5
      local.get 9
      i32.wrap_i64
      i32.const 3
      i32.and
      i32.const 3
      i32.ge_s
      br_if $l5
      block $l6
        ;; check … count …
        local.get 9
        i32.wrap_i64
        i32.const 3
        i32.and
        i32.const 1
        i32.add
        i32.const 3
        i32.gt_s
        if $l7
          i32.const 1
          global.set 12
          i32.const 0
          i32.load8_u offset=1281
          i32.eqz
          if $l8
            global.get 9
            local.tee 2
            global.get 11
            i32.store
            local.get 2
            i32.const 1
            i32.store offset=4
            local.get 2
            global.get 8
            i64.const 32
            i64.shr_u
            i32.wrap_i64
            i32.store offset=8
            local.get 2
            i32.const 1
            i32.store offset=12
            local.get 2
            i32.const 16
            i32.add
            local.tee 2
            global.get 10
            local.get 2
            global.get 10
            i32.lt_u
            select
            global.set 9
          end
          br $l6
        end
        ;; count = … count …
        local.get 9
        i64.const 1
        i64.add
        local.tee 8
        ;; busy[t1] =
        i64.const 8
        i64.xor
        local.set 8
        local.get 1
        local.get 8
        i64.store
        local.get 1
        local.get 6
        i64.const 1
        i64.or
        i64.store offset=16
        local.get 3
        local.get 3
        i64.load offset=400
        local.get 7
        i64.add
        i64.store offset=400
        local.get 4
        i32.const 1
        i32.add
        local.set 4
        local.get 1
        i32.const 24
        i32.add
        local.set 1
      end
    end
    local.get 1
    global.set 6
    local.get 4
    global.set 13
  )
(func $predicate_0 (type 2) (param i32 i32) (result i32) ;; predicate 0
    (local i64 i64)
    ;; invariants: low
    local.get 0
    i64.load
    local.set 2
    block $l1
      local.get 2
      i32.wrap_i64
      i32.const 3
      i32.and
      i32.const 3
      i32.lt_s
      return
    end
    i32.const 2
  )
