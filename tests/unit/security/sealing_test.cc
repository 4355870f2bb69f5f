#include "common/security/sealing.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "tests/support/cpu_time.h"

namespace escalon {
namespace {

KeyRing Master(const std::string& line) {
  auto ring = KeyRing::Parse("master_key", line);
  EXPECT_TRUE(ring);
  return std::move(*ring);
}

std::string Detail(const Result<std::string>& result) { return result.ok() ? "ok" : result.error().detail; }

class SealingTest : public testing::Test {
 protected:
  const std::string line_ = NewKeyRingLine("m1");
  DevelopmentSubjectKeys keys_{Master(line_)};
  Sealer sealer_{keys_};
};

TEST_F(SealingTest, AFieldOpensForItsSubjectOnly) {
  const std::string text = "Mia López, +34 600 000 000";
  const auto sealed = sealer_.Seal("acme", "mia", text, "requester.name");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->size(), text.size() + kSealOverhead);
  EXPECT_EQ(sealed->find("Mia"), std::string::npos);
  EXPECT_EQ(*sealer_.Open("acme", "mia", *sealed, "requester.name"), text);
  EXPECT_EQ(Detail(sealer_.Open("acme2", "mia", *sealed, "requester.name")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer_.Open("acme", "leo", *sealed, "requester.name")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer_.Open("acme", "mia", *sealed, "requester.phone")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer_.Open("acmem", "ia", *sealed, "requester.name")), kSealCorrupted);
}

/// One key for everybody: what stays apart then is apart by what is bound to the field, not by the key.
class SharedKey final : public SubjectKeys {
 public:
  Result<SubjectKey> ForSealing(std::string_view, std::string_view) override { return key_; }
  Result<SubjectKey> ForOpening(std::string_view, std::string_view, uint32_t) override { return key_; }
  Status Erase(std::string_view, std::string_view) override { return {}; }

 private:
  SubjectKey key_{1, Sha256Of("a key")};
};

TEST(SealingBound, TenantSubjectAndFieldAreBoundEvenUnderOneKey) {
  SharedKey keys;
  Sealer sealer(keys);
  const std::string sealed = *sealer.Seal("ab", "cd", "x", "ef");
  EXPECT_EQ(*sealer.Open("ab", "cd", sealed, "ef"), "x");
  EXPECT_EQ(Detail(sealer.Open("a", "cd", sealed, "ef")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer.Open("a", "bcd", sealed, "ef")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer.Open("abc", "d", sealed, "ef")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer.Open("ab", "cde", sealed, "f")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer.Open("ab", "c", sealed, "def")), kSealCorrupted);
  EXPECT_EQ(Detail(sealer.Open("ab", "cd", sealed, "")), kSealCorrupted);
  std::string other_generation = sealed;
  other_generation[4] = 2;
  EXPECT_EQ(Detail(sealer.Open("ab", "cd", other_generation, "ef")), kSealCorrupted);
}

TEST_F(SealingTest, EveryFlippedBitAndEveryTruncationIsFound) {
  const std::string sealed = *sealer_.Seal("acme", "mia", "some text", "f");
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string wrong = sealed;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(Detail(sealer_.Open("acme", "mia", wrong, "f")), kSealCorrupted) << bit;
  }
  for (size_t n = 0; n < sealed.size(); ++n) {
    EXPECT_EQ(Detail(sealer_.Open("acme", "mia", sealed.substr(0, n), "f")), kSealCorrupted) << n;
  }
  EXPECT_EQ(Detail(sealer_.Open("acme", "mia", sealed + "x", "f")), kSealCorrupted);
  EXPECT_EQ(*sealer_.Open("acme", "mia", sealed, "f"), "some text");  // a failed open leaves nothing behind
}

TEST_F(SealingTest, AnySizeOpens) {
  for (const size_t size : {0u, 1u, 15u, 16u, 17u, 4096u, 1u << 20}) {
    const std::string text(size, 'x');
    EXPECT_EQ(*sealer_.Open("acme", "mia", *sealer_.Seal("acme", "mia", text, ""), ""), text);
  }
}

TEST_F(SealingTest, TheSameTextIsNeverSealedAlike) {
  std::set<std::string> nonces;
  for (int i = 0; i < 10'000; ++i) nonces.insert(sealer_.Seal("acme", "mia", "x", "")->substr(5, 12));
  EXPECT_EQ(nonces.size(), 10'000u);
}

TEST_F(SealingTest, ARestartedProcessOpensWhatTheOldOneSealed) {
  const std::string sealed = *sealer_.Seal("acme", "mia", "x", "f");
  DevelopmentSubjectKeys again(Master(line_));
  EXPECT_EQ(*Sealer(again).Open("acme", "mia", sealed, "f"), "x");
  DevelopmentSubjectKeys other(Master(NewKeyRingLine("m1")));
  EXPECT_EQ(Detail(Sealer(other).Open("acme", "mia", sealed, "f")), kSealCorrupted);
}

TEST_F(SealingTest, AnErasedSubjectIsGoneAndMayComeBack) {
  const std::string before = *sealer_.Seal("acme", "mia", "x", "f");
  const std::string neighbour = *sealer_.Seal("acme", "leo", "y", "f");
  const std::string namesake = *sealer_.Seal("other", "mia", "z", "f");
  ASSERT_TRUE(keys_.Erase("acme", "mia"));
  const auto gone = sealer_.Open("acme", "mia", before, "f");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(gone.error().detail, kSubjectErased);
  EXPECT_EQ(*sealer_.Open("acme", "leo", neighbour, "f"), "y");
  EXPECT_EQ(*sealer_.Open("other", "mia", namesake, "f"), "z");

  const std::string after = *sealer_.Seal("acme", "mia", "new", "f");
  EXPECT_EQ(*sealer_.Open("acme", "mia", after, "f"), "new");
  ASSERT_TRUE(keys_.Erase("acme", "mia"));
  EXPECT_EQ(Detail(sealer_.Open("acme", "mia", after, "f")), kSubjectErased);
  EXPECT_EQ(Detail(sealer_.Open("acme", "mia", before, "f")), kSubjectErased);
}

TEST_F(SealingTest, ErasuresAreCarriedOverAndNeverTakenBack) {
  const std::string sealed = *sealer_.Seal("acme", "mia", "x", "f");
  ASSERT_TRUE(keys_.Erase("acme", "mia"));
  ASSERT_TRUE(keys_.Erase("acme", "mia"));
  const auto erasures = keys_.Erasures();
  ASSERT_EQ(erasures.size(), 1u);
  EXPECT_EQ(erasures[0], (SubjectErasure{"acme", "mia", 2}));

  DevelopmentSubjectKeys again(Master(line_));
  Sealer sealer(again);
  EXPECT_EQ(Detail(sealer.Open("acme", "mia", sealed, "f")), "ok");
  again.Apply(erasures[0]);
  EXPECT_EQ(Detail(sealer.Open("acme", "mia", sealed, "f")), kSubjectErased);
  again.Apply({"acme", "mia", 1});
  EXPECT_EQ(again.Erasures(), erasures);
  EXPECT_EQ(again.ForSealing("acme", "mia")->generation, 3u);
}

TEST_F(SealingTest, NobodysFieldIsNotSealed) {
  EXPECT_FALSE(sealer_.Seal("", "mia", "x", ""));
  EXPECT_FALSE(sealer_.Seal("acme", "", "x", ""));
  EXPECT_FALSE(keys_.Erase("acme", ""));
}

TEST_F(SealingTest, TheCacheForgetsWithoutChangingKeys) {
  const SubjectKey first = *keys_.ForSealing("acme", "s0");
  for (int i = 1; i < 150'000; ++i) ASSERT_TRUE(keys_.ForSealing("acme", "s" + std::to_string(i)));
  EXPECT_EQ(keys_.ForSealing("acme", "s0")->key, first.key);
}

TEST_F(SealingTest, ThreadsSealOpenAndEraseAtOnce) {
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 3'000; ++i) {
        const std::string subject = "s" + std::to_string(i % 7);
        const std::string text = std::to_string(t) + ":" + std::to_string(i);
        const auto sealed = sealer_.Seal("acme", subject, text, "f");
        const auto opened = sealer_.Open("acme", subject, *sealed, "f");
        if (opened.ok() ? *opened != text : opened.error().detail != kSubjectErased) ++wrong;
        if (i % 500 == 0) (void)keys_.Erase("acme", subject);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(SealingTest, SealingASmallFieldIsCheap) {
  const std::string text(48, 'x');
  constexpr int kTimes = 20'000;
  std::string sealed = *sealer_.Seal("acme", "mia", text, "requester.name");
  double start = test::CpuMicroseconds();
  const auto us = [&] {
    const double now = test::CpuMicroseconds();
    const double each = (now - start) / kTimes;
    start = now;
    return each;
  };
  for (int i = 0; i < kTimes; ++i) sealed = *sealer_.Seal("acme", "mia", text, "requester.name");
  const double seal = us();
  for (int i = 0; i < kTimes; ++i) ASSERT_TRUE(sealer_.Open("acme", "mia", sealed, "requester.name"));
  const double open = us();
  RecordProperty("seal_microseconds", std::to_string(seal));
  RecordProperty("open_microseconds", std::to_string(open));
  EXPECT_LT(seal, 30) << "an order of magnitude above the target";
  EXPECT_LT(open, 30) << "an order of magnitude above the target";
}

}  // namespace
}  // namespace escalon
