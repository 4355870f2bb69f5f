#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace escalon::runtime {

template <typename Signature>
class MoveFunction;

/// A callable that is moved, never copied, so it may own what it carries. Up to 64 bytes of captures live inside it:
/// posting an ordinary lambda allocates nothing. Calling an empty one is undefined; test with `if (f)`.
template <typename R, typename... Args>
class MoveFunction<R(Args...)> {
 public:
  MoveFunction() = default;
  MoveFunction(std::nullptr_t) {}  // NOLINT: implicit as in std::function
  template <typename F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, MoveFunction> &&
           std::is_invocable_r_v<R, std::remove_cvref_t<F>&, Args...>)
      MoveFunction(F&& f) {  // NOLINT: implicit as in std::function
    using Fn = std::remove_cvref_t<F>;
    if constexpr (kInside<Fn>) {
      ::new (static_cast<void*>(storage_)) Fn(std::forward<F>(f));
    } else {
      ::new (static_cast<void*>(storage_)) Fn*(new Fn(std::forward<F>(f)));
    }
    table_ = &kTable<Fn>;
  }
  MoveFunction(MoveFunction&& other) noexcept { Take(other); }
  MoveFunction& operator=(MoveFunction&& other) noexcept {
    if (this != &other) {
      Reset();
      Take(other);
    }
    return *this;
  }
  MoveFunction(const MoveFunction&) = delete;
  MoveFunction& operator=(const MoveFunction&) = delete;
  ~MoveFunction() { Reset(); }

  explicit operator bool() const { return table_ != nullptr; }
  R operator()(Args... args) { return table_->call(storage_, std::forward<Args>(args)...); }

 private:
  struct Table {
    R (*call)(void*, Args&&...);
    void (*move)(void* from, void* to);  // leaves nothing to destroy in `from`
    void (*destroy)(void*);
  };
  static constexpr size_t kBytes = 64;
  template <typename Fn>
  static constexpr bool kInside = sizeof(Fn) <= kBytes &&
                                  alignof(Fn) <= alignof(std::max_align_t) && std::is_nothrow_move_constructible_v<Fn>;

  template <typename Fn>
  static Fn& Get(void* storage) {
    if constexpr (kInside<Fn>) {
      return *std::launder(static_cast<Fn*>(storage));
    } else {
      return **std::launder(static_cast<Fn**>(storage));
    }
  }
  template <typename Fn>
  static constexpr Table kTable{
      [](void* storage, Args&&... args) -> R { return Get<Fn>(storage)(std::forward<Args>(args)...); },
      [](void* from, void* to) {
        if constexpr (kInside<Fn>) {
          ::new (to) Fn(std::move(Get<Fn>(from)));
          Get<Fn>(from).~Fn();
        } else {
          ::new (to) Fn*(&Get<Fn>(from));
        }
      },
      [](void* storage) {
        if constexpr (kInside<Fn>) {
          Get<Fn>(storage).~Fn();
        } else {
          delete &Get<Fn>(storage);
        }
      }};

  void Take(MoveFunction& other) noexcept {
    if (other.table_ != nullptr) other.table_->move(other.storage_, storage_);
    table_ = std::exchange(other.table_, nullptr);
  }
  void Reset() noexcept {
    if (table_ != nullptr) std::exchange(table_, nullptr)->destroy(storage_);
  }

  alignas(std::max_align_t) std::byte storage_[kBytes];
  const Table* table_ = nullptr;
};

using Task = MoveFunction<void()>;

}  // namespace escalon::runtime
