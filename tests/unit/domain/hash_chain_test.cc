#include "common/domain/hash_chain.h"

#include <gtest/gtest.h>

#include <vector>

namespace escalon {
namespace {

// The expected hashes were computed apart from this code, with Python's hashlib over the bytes that hash_chain.h
// states.
const CaseId kCase(Bytes16{0x01, 0x8b, 0xcf, 0xe5, 0x68, 0x00, 0x80, 0x11, 0x80, 0xc0, 0, 0, 0, 0, 0x12, 0x67});

std::string Hex(const Digest& digest) { return ToHex(AsView(digest)); }

TEST(HashChain, GivesTheFixedVectors) {
  const std::vector<uint32_t> one{1}, three{2, 3, 70000};
  const Digest first = NextChainHash(kChainStart, {kCase, 1, "acme", one, "policy-7", "cmd-1", 1}, "first body");
  EXPECT_EQ(Hex(first), "7a3957a2b298f7bcb41638a0375dbb9f92c2fe6e1c3b1e509292df917d7f3f15");
  const Digest second =
      NextChainHash(first, {kCase, 2, "acme", three, "policy-7", "cmd-2", 1}, std::string_view("\0\xff second", 9));
  EXPECT_EQ(Hex(second), "06f34326a2e7781c52cc86bc4d6f34a442077be7927f6ea604867ae45694a2a6");
  const Digest third = NextChainHash(second, {kCase, 3, "Caf\xc3\xa9", {}, "", "", 0}, "");
  EXPECT_EQ(Hex(third), "f456535a4ad683d005b524b07783174273ee5eead12f45d22eada23a47e20d0a");
}

TEST(HashChain, DependsOnEverythingItCovers) {
  const std::vector<uint32_t> kinds{1, 2}, other_kinds{1, 3};
  const ChainLink link{kCase, 1, "acme", kinds, "p", "c", 1};
  const Digest hash = NextChainHash(kChainStart, link, "body");
  const auto changed = [&](auto change) {
    ChainLink other = link;
    change(other);
    return NextChainHash(kChainStart, other, "body") != hash;
  };
  EXPECT_EQ(NextChainHash(kChainStart, link, "body"), hash);
  EXPECT_TRUE(changed([](ChainLink& l) { l.case_id = CaseId(Bytes16{1}); }));
  EXPECT_TRUE(changed([](ChainLink& l) { l.version = 2; }));
  EXPECT_TRUE(changed([](ChainLink& l) { l.tenant = "acma"; }));
  EXPECT_TRUE(changed([&](ChainLink& l) { l.kinds = other_kinds; }));
  EXPECT_TRUE(changed([](ChainLink& l) { l.policy_version = "q"; }));
  EXPECT_TRUE(changed([](ChainLink& l) { l.command_id = "d"; }));
  EXPECT_TRUE(changed([](ChainLink& l) { l.schema_level = 2; }));
  EXPECT_NE(NextChainHash(kChainStart, link, "bodz"), hash);
  EXPECT_NE(NextChainHash(hash, link, "body"), hash);
}

TEST(HashChain, DoesNotConfuseWhereOneFieldEndsAndTheNextBegins) {
  const auto hash = [](std::string_view policy, std::string_view command, std::string_view body) {
    return NextChainHash(kChainStart, {kCase, 1, "t", {}, policy, command, 0}, body);
  };
  EXPECT_NE(hash("ab", "c", ""), hash("a", "bc", ""));
  EXPECT_NE(hash("a", "", "b"), hash("a", "b", ""));
}

}  // namespace
}  // namespace escalon
