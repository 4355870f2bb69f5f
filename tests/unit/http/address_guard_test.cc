#include "common/http/address_guard.h"

#include <gtest/gtest.h>

namespace escalon::http {
namespace {

TEST(AddressGuardTest, RefusesEverythingThatIsNotPublic) {
  const AddressGuard guard;
  for (const char* ip : {"127.0.0.1",
                         "127.255.255.255",
                         "10.0.0.1",
                         "172.16.0.1",
                         "172.31.255.255",
                         "192.168.1.1",
                         "169.254.169.254",
                         "100.64.0.1",
                         "0.0.0.0",
                         "224.0.0.1",
                         "255.255.255.255",
                         "192.0.2.1",
                         "198.18.0.1",
                         "::",
                         "::1",
                         "fe80::1",
                         "fe80::1%eth0",
                         "fc00::1",
                         "fd12:3456::1",
                         "ff02::1",
                         "::ffff:127.0.0.1",
                         "::ffff:10.1.2.3",
                         "::127.0.0.1",
                         "64:ff9b::7f00:1",
                         "2002:7f00:1::",
                         "2001:db8::1",
                         "",
                         "localhost",
                         "1.2.3",
                         "1.2.3.4.5",
                         "::g"})
    EXPECT_FALSE(guard.Allows(ip)) << ip;
}

TEST(AddressGuardTest, AllowsPublicAddresses) {
  const AddressGuard guard;
  for (const char* ip :
       {"1.1.1.1", "172.15.255.255", "172.32.0.0", "9.255.255.255", "11.0.0.0", "223.255.255.255", "2606:4700::1111",
        "2a00:1450:4001::200e", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"})
    EXPECT_TRUE(guard.Allows(ip)) << ip;
}

TEST(AddressGuardTest, AnAllowListOpensRanges) {
  const auto guard = AddressGuard::WithAllowed({"127.0.0.0/8", "10.1.2.3", "fd00::/8", "192.168.0.0/23"});
  ASSERT_TRUE(guard.ok());
  for (const char* ip : {"127.0.0.1", "10.1.2.3", "fd00::1", "192.168.1.255", "::ffff:127.0.0.1", "8.8.8.8"})
    EXPECT_TRUE(guard->Allows(ip)) << ip;
  for (const char* ip : {"10.1.2.4", "fc00::1", "192.168.2.0", "::1"}) EXPECT_FALSE(guard->Allows(ip)) << ip;
}

TEST(AddressGuardTest, BadRangesAreNamed) {
  for (const char* bad : {"", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "::/129", "host/8", "10.0/8"})
    EXPECT_FALSE(AddressGuard::WithAllowed({bad}).ok()) << bad;
}

}  // namespace
}  // namespace escalon::http
